#include "model/soak/free_run.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <random>
#include <sstream>
#include <vector>

#include "model/soak/actions.h"
#include "model/soak/player.h"

namespace soak {
namespace {

constexpr int kPhases = 4;
constexpr int kPhaseBytes = 256;
constexpr int kMostThreads = 6;
constexpr int kGuarded = 8;  // regions with a guard each
constexpr int kGuardedBytes = 64;
constexpr int kBlockBytes = 48;
constexpr int kStack = 64;

struct Access {
  int offset, bytes, variant;
  bool writes, atomic;
};
using Opening = std::vector<Access>;

bool conflict(const Access& a, const Access& b) {
  return (a.writes || b.writes) && !(a.atomic && b.atomic);
}

struct Raced {
  const unsigned char* line;
  std::uint64_t bytes;
};
constexpr std::uint32_t kMostReports = 1 << 14;

alignas(64) unsigned char opening_memory[kPhases][kPhaseBytes];
alignas(64) unsigned char guarded[kGuarded][kGuardedBytes];
Raced raced[kMostReports];
std::uint32_t raced_count = 0;
bool running = false;

struct Gate {
  pthread_mutex_t mutex;
  pthread_cond_t opens;
  int arrived = 0, round = 0;
};

/// Everything a round synchronises with. Made anew for each.
struct World {
  int threads = 0;
  int phases = 0;
  int barrier_kind = 0;  // pthread_barrier, mutex and condition, new threads for each phase
  std::uint64_t seed = 0;
  int work = 0;
  Opening openings[kPhases][kMostThreads];
  pthread_t handles[kMostThreads];
  std::uint32_t handles_known = 0;
  int threads_done = 0;
  pthread_barrier_t barrier;
  Gate gates[2];
  pthread_mutex_t mutex, recursive;
  pthread_cond_t condition;
  pthread_rwlock_t read_write;
  pthread_spinlock_t spin;
  sem_t semaphore;
  int words[2] = {};
  void* slot = nullptr;
  int pipe[2];
  std::uint32_t forks = 0;
  std::uint32_t failed = 0;
};
World world;

struct Self {
  int number;
  std::mt19937_64 random;
  unsigned char* stack;
  int below(int n) { return static_cast<int>(random() % static_cast<std::uint64_t>(n)); }
};
thread_local unsigned char* my_stack = nullptr;

void fail(const char* what) {
  if (__atomic_exchange_n(&world.failed, 1, __ATOMIC_SEQ_CST) != 0) return;
  dprintf(1, "soak: free run of seed %llu: %s\n", static_cast<unsigned long long>(world.seed),
          what);
}

void touch(Self& self, unsigned char* memory, int bytes, bool may_write) {
  for (int i = self.below(4); i >= 0; --i) {
    const int size = 1 << self.below(5);
    unsigned char* at = memory + self.below(bytes - size + 1);
    const auto n = static_cast<std::size_t>(size);
    if (!may_write || self.below(2) == 0)
      readMemory(at, n, self.below(3));
    else
      writeMemory(at, n, self.below(3), i);
  }
}

void open(const Access& access, unsigned char* memory) {
  unsigned char* at = memory + access.offset;
  const auto bytes = static_cast<std::size_t>(access.bytes);
  if (!access.atomic)
    access.writes ? writeMemory(at, bytes, access.variant, 1)
                  : readMemory(at, bytes, access.variant);
  else if (!access.writes)
    atomicLoad(at, bytes, __ATOMIC_RELAXED);
  else if (access.variant == 0)
    atomicStore(at, bytes, __ATOMIC_RELAXED, 5);
  else
    atomicUpdate(at, bytes, __ATOMIC_RELAXED, access.variant);
}

/// The block is this thread's, with what its last owner did to it.
void finishBlock(Self& self, void* block) {
  if (block == nullptr) return;
  touch(self, static_cast<unsigned char*>(block), kBlockBytes, true);
  if (self.below(4) == 0) block = resize(block, kBlockBytes * 3);
  release(block, 0);
}

void* freshBlock(Self& self) {
  void* block = allocate(kBlockBytes, self.below(2));
  touch(self, static_cast<unsigned char*>(block), kBlockBytes, true);
  return block;
}

bool createThread(pthread_t* thread, void* (*body)(void*), void* argument) {
  __atomic_fetch_add(&threads_created, 1, __ATOMIC_RELAXED);
  const bool works = pthread_create(thread, nullptr, body, argument) == 0;
  if (!works) fail("pthread_create");
  return works;
}

void* childMain(void* block) {
  writeMemory(block, kBlockBytes, 2, 3);
  return nullptr;
}

void* detachedMain(void* block) {
  writeMemory(block, kBlockBytes, 1, 4);
  release(block, 0);
  return nullptr;
}

void createChild(Self& self) {
  void* block = freshBlock(self);
  pthread_t child;
  if (threads_may_be_detached && self.below(8) == 0) {
    if (createThread(&child, detachedMain, block)) pthread_detach(child);
    return;
  }
  if (!createThread(&child, childMain, block)) return;
  pthread_join(child, nullptr);
  finishBlock(self, block);
}

/// The child is alone: whatever it does is no race.
void forkChild(Self& self) {
  if (__atomic_fetch_add(&world.forks, 1, __ATOMIC_RELAXED) >= 2) return;
  const pid_t child = fork();
  if (child == 0) {
    alarm(30);
    const std::uint32_t before = __atomic_load_n(&raced_count, __ATOMIC_RELAXED);
    for (auto& memory : opening_memory) writeMemory(memory, sizeof memory, 1, 1);
    for (auto& memory : guarded) touch(self, memory, kGuardedBytes, true);
    finishBlock(self, freshBlock(self));
    _exit(__atomic_load_n(&raced_count, __ATOMIC_RELAXED) == before ? 0 : 1);
  }
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
    fail("a forked child reports a race or fails");
}

void throughPipe(Self& self) {
  void* block = nullptr;
  if (read(world.pipe[0], &block, sizeof block) == sizeof block) finishBlock(self, block);
  block = freshBlock(self);
  if (write(world.pipe[1], &block, sizeof block) != sizeof block) finishBlock(self, block);
}

void waitAWhile(Self& self) {
  timespec deadline;
  clock_gettime(CLOCK_REALTIME, &deadline);
  deadline.tv_nsec += 200'000;
  if (deadline.tv_nsec >= 1'000'000'000) deadline.tv_sec++, deadline.tv_nsec -= 1'000'000'000;
  pthread_mutex_lock(&world.mutex);
  touch(self, guarded[0], kGuardedBytes, true);
  pthread_cond_timedwait(&world.condition, &world.mutex, &deadline);
  touch(self, guarded[0], kGuardedBytes, true);
  pthread_mutex_unlock(&world.mutex);
}

void onSignal(int) {
  const int saved_errno = errno;
  if (my_stack != nullptr) {
    writeMemory(my_stack, 8, 0, 1);
    increment(my_stack + 16, 4);
  }
  errno = saved_errno;
}

void oneThing(Self& self) {
  switch (self.below(16)) {
    case 0:
      pthread_mutex_lock(&world.mutex);
      touch(self, guarded[0], kGuardedBytes, true);
      pthread_mutex_unlock(&world.mutex);
      return;
    case 1:
      if (pthread_mutex_trylock(&world.mutex) != 0) return;
      touch(self, guarded[0], kGuardedBytes, true);
      pthread_cond_signal(&world.condition);
      pthread_mutex_unlock(&world.mutex);
      return;
    case 2:
      pthread_mutex_lock(&world.recursive);
      pthread_mutex_lock(&world.recursive);
      touch(self, guarded[1], kGuardedBytes, true);
      pthread_mutex_unlock(&world.recursive);
      touch(self, guarded[1], kGuardedBytes, true);
      pthread_mutex_unlock(&world.recursive);
      return;
    case 3:
      pthread_rwlock_rdlock(&world.read_write);
      touch(self, guarded[2], kGuardedBytes, false);
      pthread_rwlock_unlock(&world.read_write);
      return;
    case 4:
      pthread_rwlock_wrlock(&world.read_write);
      touch(self, guarded[2], kGuardedBytes, true);
      pthread_rwlock_unlock(&world.read_write);
      return;
    case 5:
      pthread_spin_lock(&world.spin);
      touch(self, guarded[3], kGuardedBytes, true);
      pthread_spin_unlock(&world.spin);
      return;
    case 6:
      while (sem_wait(&world.semaphore) != 0) {
      }
      touch(self, guarded[4], kGuardedBytes, true);
      sem_post(&world.semaphore);
      return;
    case 7:
    case 8: {
      const int variant = self.below(2);
      lockAtomically(&world.words[variant], variant);
      touch(self, guarded[5 + variant], kGuardedBytes, true);
      unlockAtomically(&world.words[variant], variant);
      return;
    }
    case 9:
      sendTo(0);  // room for one: a mutex
      touch(self, guarded[7], kGuardedBytes, true);
      receiveFrom(0);
      return;
    case 10: {
      void* block = freshBlock(self);
      if (!offerByChannel(block)) finishBlock(self, block);
      return finishBlock(self, takeFromChannel());
    }
    case 11:
      return finishBlock(self, exchangeBlock(&world.slot, freshBlock(self), self.below(3)));
    case 12:
      return throughPipe(self);
    case 13:
      if (self.below(3) == 0) return createChild(self);
      if (self.below(10) == 0) return forkChild(self);
      return waitAWhile(self);
    case 14:
      if (__atomic_load_n(&world.handles_known, __ATOMIC_SEQ_CST) != 0)
        pthread_kill(world.handles[self.below(world.threads)], SIGUSR2);
      return;
    default:
      return touch(self, self.stack, kStack, true);
  }
}

/// Each phase but the first begins here. Two gates in turn: whoever is late in leaving one must not
/// be ordered after what the others have done since.
void gateWait(int phase) {
  if (world.barrier_kind == 0) {
    pthread_barrier_wait(&world.barrier);
    return;
  }
  Gate& gate = world.gates[phase % 2];
  pthread_mutex_lock(&gate.mutex);
  const int round = gate.round;
  if (++gate.arrived == world.threads) {
    gate.arrived = 0;
    ++gate.round;
    pthread_cond_broadcast(&gate.opens);
  }
  while (gate.round == round) pthread_cond_wait(&gate.opens, &gate.mutex);
  pthread_mutex_unlock(&gate.mutex);
}

void runPhase(Self& self, int phase) {
  for (const Access& access : world.openings[phase][self.number])
    open(access, opening_memory[phase]);
  for (int i = self.below(world.work + 1); i > 0; --i) oneThing(self);
}

struct Start {
  int number, first_phase, last_phase;
};

void* threadMain(void* argument) {
  const Start start = *static_cast<Start*>(argument);
  alignas(64) unsigned char stack[kStack];
  Self self{start.number,
            std::mt19937_64(world.seed * 64 + static_cast<std::uint64_t>(start.number)), stack};
  my_stack = stack;
  for (int phase = start.first_phase; phase < start.last_phase; ++phase) {
    if (phase != start.first_phase) gateWait(phase);
    runPhase(self, phase);
  }
  my_stack = nullptr;
  __atomic_fetch_add(&world.threads_done, 1, __ATOMIC_SEQ_CST);
  return nullptr;
}

void runThreads(int first_phase, int last_phase) {
  static Start starts[kMostThreads];
  world.threads_done = 0;
  for (int i = 0; i < world.threads; ++i) {
    starts[i] = {i, first_phase, last_phase};
    createThread(&world.handles[i], threadMain, &starts[i]);
  }
  // A handle is good for a signal until its thread is joined.
  __atomic_store_n(&world.handles_known, 1, __ATOMIC_SEQ_CST);
  while (__atomic_load_n(&world.threads_done, __ATOMIC_SEQ_CST) < world.threads) usleep(50);
  __atomic_store_n(&world.handles_known, 0, __ATOMIC_SEQ_CST);
  for (int i = 0; i < world.threads; ++i) pthread_join(world.handles[i], nullptr);
}

Opening randomOpening(std::mt19937_64& random) {
  const auto below = [&](int n) {
    return static_cast<int>(random() % static_cast<std::uint64_t>(n));
  };
  Opening opening(static_cast<std::size_t>(below(5)));
  for (Access& access : opening) {
    access = {0, 1 << below(5), below(3), below(2) == 0, below(4) == 0};
    if (!access.atomic && below(8) == 0)
      access.bytes = 1 + below(100), access.variant = 1 + below(2);
    access.offset = below(kPhaseBytes - access.bytes + 1);
    if (access.atomic || below(2) == 0) access.offset -= access.offset % std::min(access.bytes, 16);
  }
  return opening;
}

void makeWorld(std::uint64_t seed) {
  std::mt19937_64 random(seed);
  const auto below = [&](int n) {
    return static_cast<int>(random() % static_cast<std::uint64_t>(n));
  };
  newMemory(&world, sizeof world);
  newMemory(opening_memory, sizeof opening_memory);
  newMemory(guarded, sizeof guarded);
  world.threads = 2 + below(kMostThreads - 1);
  world.phases = 1 + below(kPhases);
  world.barrier_kind = below(3);
  world.seed = seed;
  world.work = 5 + below(60);
  for (auto& phase : world.openings)
    for (Opening& opening : phase) opening = randomOpening(random);
  world.words[0] = world.words[1] = 0;
  world.slot = nullptr;
  world.forks = world.failed = 0;
  pthread_barrier_init(&world.barrier, nullptr, static_cast<unsigned>(world.threads));
  for (Gate& gate : world.gates) {
    pthread_mutex_init(&gate.mutex, nullptr);
    pthread_cond_init(&gate.opens, nullptr);
    gate.arrived = gate.round = 0;
  }
  pthread_cond_init(&world.condition, nullptr);
  pthread_mutex_init(&world.mutex, nullptr);
  pthread_mutexattr_t attributes;
  pthread_mutexattr_init(&attributes);
  pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE);
  pthread_mutex_init(&world.recursive, &attributes);
  pthread_mutexattr_destroy(&attributes);
  pthread_rwlock_init(&world.read_write, nullptr);
  pthread_spin_init(&world.spin, PTHREAD_PROCESS_PRIVATE);
  sem_init(&world.semaphore, 0, 1);
  if (pipe2(world.pipe, O_NONBLOCK) != 0) fail("pipe2");
  makeChannel(0, 1);
}

void dropWorld() {
  while (void* block = takeFromChannel()) release(block, 0);
  if (world.slot != nullptr) release(exchangeBlock(&world.slot, nullptr, 0), 0);
  for (void* block; read(world.pipe[0], &block, sizeof block) == sizeof block;) release(block, 0);
  close(world.pipe[0]);
  close(world.pipe[1]);
  dropChannel(0);
  pthread_barrier_destroy(&world.barrier);
  for (Gate& gate : world.gates) {
    pthread_mutex_destroy(&gate.mutex);
    pthread_cond_destroy(&gate.opens);
  }
  pthread_cond_destroy(&world.condition);
  pthread_mutex_destroy(&world.mutex);
  pthread_mutex_destroy(&world.recursive);
  pthread_rwlock_destroy(&world.read_write);
  pthread_spin_destroy(&world.spin);
  sem_destroy(&world.semaphore);
}

std::string compare(long& racing) {
  std::vector<char> expected(sizeof opening_memory), found(sizeof opening_memory);
  for (int phase = 0; phase < world.phases; ++phase)
    for (int a = 0; a < world.threads; ++a)
      for (int b = 0; b < a; ++b)
        for (const Access& first : world.openings[phase][a])
          for (const Access& second : world.openings[phase][b])
            for (int at = std::max(first.offset, second.offset);
                 conflict(first, second) &&
                 at < std::min(first.offset + first.bytes, second.offset + second.bytes);
                 ++at)
              expected[static_cast<std::size_t>(phase * kPhaseBytes + at)] = 1;
  std::ostringstream problem;
  for (std::uint32_t i = 0; i < raced_count; ++i)
    for (int bit = 0; bit < 64; ++bit) {
      if ((raced[i].bytes >> bit & 1) == 0) continue;
      const std::ptrdiff_t offset = raced[i].line + bit - &opening_memory[0][0];
      const bool inside =
          offset >= 0 && offset < static_cast<std::ptrdiff_t>(sizeof opening_memory);
      if (!inside || expected[static_cast<std::size_t>(offset)] == 0) {
        problem << "false report at " << static_cast<const void*>(raced[i].line + bit)
                << ", offset " << offset;
        return problem.str();
      }
      found[static_cast<std::size_t>(offset)] = 1;
    }
  for (std::size_t i = 0; i < expected.size(); ++i) {
    racing += expected[i];
    if (expected[i] == found[i]) continue;
    problem << "missed the race on byte " << i;
    return problem.str();
  }
  return "";
}

}  // namespace

std::string runFreely(std::uint64_t seed, long& racing) {
  struct sigaction action {};
  action.sa_handler = onSignal;
  action.sa_flags = SA_RESTART;
  sigaction(SIGUSR2, &action, nullptr);
  makeWorld(seed);
  raced_count = 0;
  running = true;
  if (world.barrier_kind == 2)
    for (int phase = 0; phase < world.phases; ++phase) runThreads(phase, phase + 1);
  else
    runThreads(0, world.phases);
  dropWorld();
  running = false;
  const std::string problem = compare(racing);
  if (problem.empty() && world.failed != 0) return "see above";
  return problem;
}

bool freeRunReported(const void* line, std::uint64_t bytes) {
  if (!running) return false;
  const std::uint32_t slot = __atomic_fetch_add(&raced_count, 1, __ATOMIC_RELAXED);
  if (slot >= kMostReports) abort();
  raced[slot] = {static_cast<const unsigned char*>(line), bytes};
  return true;
}

}  // namespace soak
