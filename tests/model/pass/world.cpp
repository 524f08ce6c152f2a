// world.cpp - the main program around a generated one: objects, threads, turns.
//
//   PROGRAM --seed N --rounds N [FILE...]
//
// In a round three threads each make a few steps: calls of random functions of the program, with
// random objects; before and behind most of them a thread synchronises with the others. One thread
// runs at a time; where the program yields, and between steps, the next is drawn by lot. All of it
// follows from the seed, and nothing that a program computes depends on an address, so that every
// build of it does the same.
//
// WORLD_TRACE=1 in the environment: says each step.
//
// Not instrumented and without locks: the detector sees neither the turns nor what is kept here.
// Threads use no heap here either, since blocks that go from thread to thread would race.
#include <errno.h>
#include <linux/futex.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "hindsight/annotate.h"
#include "model/pass/observer.h"
#include "model/test_memory.h"

pthread_mutex_t world_mutexes[kLocks];
u64 world_atomics[kAtomics];

namespace pass_model {
namespace {

constexpr int kRegions = 8;
constexpr u64 kRegionBytes = 256;
constexpr u64 kSlack = 32;  // p may begin so far behind an object's begin
constexpr int kFirstGlobal = 100, kFirstOwn = 1000;
constexpr int kMostObjects = 1 << 14;
static_assert(kReach + kSlack <= kRegionBytes);

struct Shared {
  unsigned char* begin;
  u64 bytes;
  int number;
  int users;  // steps that have got it as p or q
  bool is_block;
  bool is_taken;
};

/// 1 if it is the thread's turn.
struct alignas(64) Turn {
  u32 word;
  int steps_left;
  bool is_over;
};

unsigned char (*const arena)[kRegionBytes] =
    static_cast<unsigned char (*)[kRegionBytes]>(hindsight_model::testMemory(kRegions * kRegionBytes));
Shared shared[kMostObjects];
int shared_count, objects_made;
Turn turns[kThreads];
int lock_owner[kLocks];
int now;  // whose turn it is
u64 random_state;
unsigned threads_before;  // this round
const bool tells = getenv("WORLD_TRACE") != nullptr;

/// SplitMix64 [Steele, Lea, Flood, OOPSLA 2014].
u64 draw() {
  u64 z = random_state += 0x9e3779b97f4a7c15;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}
u64 below(u64 limit) { return draw() % limit; }

void await(u32& word) {
  while (__atomic_load_n(&word, __ATOMIC_SEQ_CST) == 0)
    syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, 0, nullptr, nullptr, 0);
  __atomic_store_n(&word, 0, __ATOMIC_SEQ_CST);
}

void give(u32& word) {
  __atomic_store_n(&word, 1, __ATOMIC_SEQ_CST);
  syscall(SYS_futex, &word, FUTEX_WAKE_PRIVATE, 1, nullptr, nullptr, 0);
}

/// Returns when it is the calling thread's turn again; at once if its steps are over.
void passTurn() {
  const int self = now;
  int ready = 0;
  for (const Turn& turn : turns) ready += turn.is_over ? 0 : 1;
  if (ready == 0) return;
  int chosen = static_cast<int>(below(static_cast<u64>(ready)));
  int next = 0;
  while (turns[next].is_over || chosen-- > 0) ++next;
  if (next == self) return;
  const bool is_over = turns[self].is_over;
  now = next;
  turnOf(next);
  give(turns[next].word);
  if (!is_over) await(turns[self].word);
}

Shared& add(void* begin, u64 bytes, int number) {
  if (shared_count == kMostObjects) abort();
  Shared& object = shared[shared_count++];
  object = {static_cast<unsigned char*>(begin), bytes, number, 0, false, false};
  return object;
}

int makeOwn() { return kFirstOwn + objects_made++; }

/// The table stays dense; the order of what is left follows from the program alone.
void remove(int index) { shared[index] = shared[--shared_count]; }

int indexOf(int number) {
  for (int i = 0; i < shared_count; ++i)
    if (shared[i].number == number) return i;
  abort();
}

/// One that `p` may point into: not a global, which the functions use by name.
int chooseObject(int other) {
  for (;;) {
    const int index = static_cast<int>(below(static_cast<u64>(shared_count)));
    const Shared& object = shared[index];
    const bool is_global = object.number >= kFirstGlobal && object.number < kFirstOwn;
    if (index != other && !is_global && !object.is_taken) return index;
  }
}

void step() {
  const Function& function = program_functions[below(program_function_count)];
  const int p = chooseObject(-1), q = chooseObject(p);
  const int numbers[] = {shared[p].number, shared[q].number};
  const auto at = [&](int index) {
    const u64 slack = function.aligned ? below(kSlack / 16) * 16 : below(kSlack);
    ++shared[index].users;
    return shared[index].begin + slack;
  };
  unsigned char* const p_at = at(p);
  unsigned char* const q_at = at(q);
  const u64 n = below(kMostCount + 1), v = draw();
  if (tells)
    fprintf(stderr, "T%d f%td(%d + %td, %d + %td, %llu, %llu)\n", now,
            &function - program_functions, numbers[0], p_at - shared[p].begin, numbers[1],
            q_at - shared[q].begin, static_cast<unsigned long long>(n),
            static_cast<unsigned long long>(v));
  if (below(100) < 70) program_hand_over();
  try {
    function.call(p_at, q_at, n, v);
  } catch (int) {
  }
  if (below(100) < 40) program_hand_over();
  for (const int number : numbers) --shared[indexOf(number)].users;
}

void* run(void* argument) {
  Turn& turn = *static_cast<Turn*>(argument);
  await(turn.word);
  for (; turn.steps_left > 0; --turn.steps_left) {
    step();
    passTurn();
  }
  turn.is_over = true;
  passTurn();
  return nullptr;
}

void prepare(int round, u64 seed) {
  random_state = seed + static_cast<u64>(round) * 0x100000001;
  shared_count = objects_made = 0;
  for (int i = 0; i < kRegions; ++i) add(arena[i], kRegionBytes, i);
  for (unsigned i = 0; i < program_object_count; ++i)
    add(const_cast<void*>(program_objects[i].begin), program_objects[i].bytes,
        kFirstGlobal + static_cast<int>(i));
  for (int i = 0; i < shared_count; ++i)
    for (u64 byte = 0; byte < shared[i].bytes; ++byte)
      shared[i].begin[byte] = static_cast<unsigned char>(draw());
  for (u64& atomic : world_atomics) atomic = 0;
  for (int& owner : lock_owner) owner = -1;
  for (Turn& turn : turns) turn = {0, 2 + static_cast<int>(below(5)), false};
}

void playRound(int round, u64 seed) {
  prepare(round, seed);
  roundBegins(round);
  pthread_t threads[kThreads];
  for (int i = 0; i < kThreads; ++i)
    if (pthread_create(&threads[i], nullptr, run, &turns[i]) != 0) abort();
  now = static_cast<int>(below(kThreads));
  turnOf(now);
  give(turns[now].word);
  for (const pthread_t thread : threads) pthread_join(thread, nullptr);
  threads_before += kThreads;
  roundEnds();
  for (int i = 0; i < shared_count; ++i)
    if (shared[i].is_block) free(shared[i].begin);
}

}  // namespace

bool nameOf(const void* at, Name& name) {
  const auto* byte = static_cast<const unsigned char*>(at);
  for (int i = 0; i < shared_count; ++i) {
    if (byte < shared[i].begin || byte >= shared[i].begin + shared[i].bytes) continue;
    name = {shared[i].number, static_cast<u64>(byte - shared[i].begin)};
    return true;
  }
  return false;
}

int threadOf(unsigned number) {
  const unsigned first = threads_before + 1;
  return number < first || number >= first + kThreads ? -1 : static_cast<int>(number - first);
}

}  // namespace pass_model

using namespace pass_model;  // NOLINT

void world_yield() { passTurn(); }

double cbrt(double) noexcept {
  passTurn();
  return 1;
}

u64 world_open(void* at, u64 bytes) { return static_cast<u64>(add(at, bytes, makeOwn()).number); }

void world_close(u64 number) {
  // Those who use it have begun their step after the caller: nobody waits in a circle.
  while (shared[indexOf(static_cast<int>(number))].users > 0) passTurn();
  const int index = indexOf(static_cast<int>(number));
  localEnds(shared[index].begin, shared[index].bytes);
  remove(index);
}

void world_publish(void* block, u64 bytes) { add(block, bytes, makeOwn()).is_block = true; }

void* world_take(u64* bytes) {
  const u64 first = below(static_cast<u64>(shared_count));
  for (int i = 0; i < shared_count; ++i) {
    Shared& object = shared[(first + static_cast<u64>(i)) % static_cast<u64>(shared_count)];
    if (!object.is_block || object.is_taken || object.users > 0) continue;
    object.is_taken = true;
    *bytes = object.bytes;
    return object.begin;
  }
  return nullptr;
}

void world_freed(void* block) {
  for (int i = 0; i < shared_count; ++i) {
    if (shared[i].begin != block) continue;
    blockEnds(shared[i].begin, shared[i].bytes);
    return remove(i);
  }
  abort();
}

int world_may_lock(int index) {
  for (int i = index; i < kLocks; ++i)
    if (lock_owner[i] == now) return 0;
  if (lock_owner[index] != -1) return 0;
  lock_owner[index] = now;
  return 1;
}

void world_unlocked(int index) { lock_owner[index] = -1; }

int main(int argc, char** argv) {
  u64 seed = 1;
  int rounds = 10, at = 1;
  for (; at + 1 < argc && argv[at][0] == '-'; at += 2) {
    if (strcmp(argv[at], "--seed") == 0)
      seed = strtoull(argv[at + 1], nullptr, 10);
    else if (strcmp(argv[at], "--rounds") == 0)
      rounds = atoi(argv[at + 1]);
    else
      return 2;
  }
  for (pthread_mutex_t& mutex : world_mutexes) pthread_mutex_init(&mutex, nullptr);
  // The unwinder prepares itself in the first throw, by pthread_once: all others are ordered after
  // that one.
  try {
    throw 1;
  } catch (int) {
  }
  for (int round = 0; round < rounds; ++round) playRound(round, seed);
  return finish(argv + at, argc - at);
}
