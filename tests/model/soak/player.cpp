#include "model/soak/player.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "model/soak/actions.h"
#include "model/soak/free_run.h"
#include "model/soak/primitives.h"
#include "model/test_memory.h"

namespace soak {
namespace {

constexpr std::size_t kNoStep = ~std::size_t{0};

/// Where one thread of the script stands.
struct alignas(64) Seat {
  std::uint32_t turn = 0;  // 1 + the step that it may take
  std::uint32_t next = 0;  // of its own steps
  std::size_t current = kNoStep;
  std::vector<std::size_t> steps;  // its own
  pthread_t handle{};
  std::uint32_t number = 0;  // as the detector counts
};

struct RawReport {
  std::size_t step;
  int by;
  const unsigned char* line;
  std::uint64_t bytes;
  unsigned with_thread;
  int range_count;
  struct {
    const unsigned char* begin;
    int bytes, offset;
  } ranges[2];
};

Seat seats[kMaxThreads];
const Script* playing = nullptr;
int bank_in_use = 0;
std::uint32_t finished = 0;
thread_local int my_seat = 0;
thread_local std::uint32_t my_number = 0;

unsigned char* const arena = static_cast<unsigned char*>(hindsight_model::testMemory(kMemoryBytes));
unsigned char raw_objects[kRawObjects * 16];
unsigned char* bases[kMaxBlocks];
int starts[kMaxBlocks];

constexpr std::uint32_t kMostReports = 1 << 16;
RawReport raw_reports[kMostReports];
std::uint32_t raw_report_count = 0;

void futexWait(std::uint32_t* word, std::uint32_t value) {
  syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, value, nullptr, nullptr, 0);
}
void futexWake(std::uint32_t* word) {
  syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, 1, nullptr, nullptr, 0);
}

/// The step after `index` may be taken.
void pass(std::size_t index) {
  const std::vector<Step>& steps = playing->steps;
  if (index + 1 == steps.size()) {
    __atomic_store_n(&finished, 1, __ATOMIC_SEQ_CST);
    futexWake(&finished);
    return;
  }
  std::uint32_t* turn = &seats[steps[index + 1].thread].turn;
  __atomic_store_n(turn, static_cast<std::uint32_t>(index + 2), __ATOMIC_SEQ_CST);
  futexWake(turn);
}

/// Waits for the turn of the thread's next step, which a signal handler may have taken meanwhile.
std::size_t awaitTurn(Seat& seat, bool in_handler) {
  for (;;) {
    const std::uint32_t turn = __atomic_load_n(&seat.turn, __ATOMIC_SEQ_CST);
    const std::uint32_t next = __atomic_load_n(&seat.next, __ATOMIC_SEQ_CST);
    if (next == seat.steps.size()) return kNoStep;
    const std::size_t step = seat.steps[next];
    const bool for_handler = playing->steps[step].op == Op::HandlerBegin;
    if (turn == step + 1 && (in_handler || !for_handler)) return step;
    futexWait(&seat.turn, turn);
  }
}

unsigned char* addressOf(Place place) {
  return place.block < 0 ? arena + place.offset
                         : bases[place.block] + (place.offset - starts[place.block]);
}

void expect(bool condition, std::size_t index, const char* what) {
  if (condition) return;
  dprintf(2, "soak: seed %llu step %zu: %s\n", static_cast<unsigned long long>(playing->seed),
          index, what);
  abort();
}

void* threadMain(void* argument);

void createThread(const Step& step, std::size_t index) {
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  if (step.op == Op::CreateDetached)
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  if (index % 2 == 0) pthread_attr_setstacksize(&attributes, 256 * 1024);
  Seat& seat = seats[step.other];
  seat.number = __atomic_add_fetch(&threads_created, 1, __ATOMIC_RELAXED);
  const auto number = static_cast<std::uintptr_t>(step.other);
  expect(
      pthread_create(&seat.handle, &attributes, threadMain, reinterpret_cast<void*>(number)) == 0,
      index, "pthread_create failed");
  pthread_attr_destroy(&attributes);
}

void forkChild(std::size_t index) {
  const pid_t child = fork();
  expect(child >= 0, index, "fork failed");
  if (child == 0) _exit(childAgrees(playing->seed + 1) ? 0 : 1);
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  expect(WIFEXITED(status) && WEXITSTATUS(status) == 0, index, "the forked child failed");
}

void changeBlock(const Step& step, std::size_t index) {
  unsigned char* const old = bases[step.place.block];
  if (step.op == Op::Free) return release(old, step.variant);
  void* block = step.op == Op::Malloc ? allocate(static_cast<std::size_t>(step.bytes), step.variant)
                                      : resize(old, static_cast<std::size_t>(step.bytes));
  expect(block != nullptr, index, "no memory");
  if (step.op == Op::Malloc) {
    bases[step.place.block] = static_cast<unsigned char*>(block);
    starts[step.place.block] = step.place.offset;
    return;
  }
  const bool in_place = step.other == step.place.block;
  expect((block == old) == in_place, index, "realloc does not do what was foreseen");
  if (!in_place) starts[step.other] = step.source.offset;
  bases[step.other] = static_cast<unsigned char*>(block);
}

/// Does what the step says.
void perform(const Step& step, std::size_t index, unsigned char* stack) {
  const auto bytes = static_cast<std::size_t>(step.bytes);
  Primitives& own = primitives[bank_in_use];
  switch (step.op) {
    case Op::Read:
      return readMemory(addressOf(step.place), bytes, step.variant);
    case Op::Write:
      return writeMemory(addressOf(step.place), bytes, step.variant, static_cast<int>(index));
    case Op::Increment:
      return increment(addressOf(step.place), bytes);
    case Op::Copy:
      return copyMemory(addressOf(step.place), addressOf(step.source), bytes, step.variant);
    case Op::Mixed:
      return mixedAccesses(addressOf(step.place), addressOf(step.source), step.variant);
    case Op::AtomicLoad:
      return atomicLoad(addressOf(step.place), bytes, step.order);
    case Op::AtomicStore:
      return atomicStore(addressOf(step.place), bytes, step.order, static_cast<int>(index));
    case Op::AtomicUpdate:
      return atomicUpdate(addressOf(step.place), bytes, step.order, step.variant);
    case Op::CompareFails:
    case Op::CompareSucceeds:
      return compareExchange(addressOf(step.place), bytes, step.order, step.failure_order,
                             step.op == Op::CompareSucceeds);
    case Op::Fence:
      return fence(step.order);
    case Op::Send:
      return sendTo(step.object);
    case Op::TrySend:
      return expect(trySendTo(step.object), index, "try_send fails");
    case Op::TrySendFails:
      return expect(!trySendTo(step.object), index, "try_send succeeds");
    case Op::Receive:
      return receiveFrom(step.object);
    case Op::SelectReceive:
      return selectFrom(step.object);
    case Op::TryReceive:
      return expect(tryReceiveFrom(step.object), index, "try_receive fails");
    case Op::TryReceiveFails:
      return expect(!tryReceiveFrom(step.object), index, "try_receive succeeds");
    case Op::Close:
      return closeChannel(step.object);
    case Op::RawAcquire:
      return rawAcquire(raw_objects + step.object * 16);
    case Op::RawRelease:
      return rawRelease(raw_objects + step.object * 16);
    case Op::RawReleaseStore:
      return rawReleaseStore(raw_objects + step.object * 16);
    case Op::Malloc:
    case Op::Free:
    case Op::Realloc:
      return changeBlock(step, index);
    case Op::NewMemory:
      return newMemory(addressOf(step.place), bytes);
    case Op::Create:
    case Op::CreateDetached:
      return createThread(step, index);
    case Op::Start:
      bases[step.place.block] = stack;
      starts[step.place.block] = step.place.offset;
      return;
    case Op::Join:
      return expect(pthread_join(seats[step.other].handle, nullptr) == 0, index, "join fails");
    case Op::Detach:
      return expect(pthread_detach(seats[step.other].handle) == 0, index, "detach fails");
    case Op::Kill:
      return expect(pthread_kill(seats[step.other].handle, SIGUSR1) == 0, index, "kill fails");
    case Op::Fork:
      return forkChild(index);
    case Op::End:
    case Op::HandlerBegin:
    case Op::HandlerEnd:
    case Op::Complete:
      return;
    default:
      return expect(own.perform(step), index, "a call returns what was not foreseen");
  }
}

/// Takes the thread's steps, to the end of the script or of the signal handler.
void runSteps(Seat& seat, unsigned char* stack, bool in_handler) {
  for (;;) {
    const std::size_t index = awaitTurn(seat, in_handler);
    if (index == kNoStep) return;
    const Step& step = playing->steps[index];
    seat.current = index;
    if (step.blocks) {
      __atomic_store_n(&seat.next, seat.next + 1, __ATOMIC_SEQ_CST);
      pass(index);
      perform(step, index, stack);
    } else {
      perform(step, index, stack);
      __atomic_store_n(&seat.next, seat.next + 1, __ATOMIC_SEQ_CST);
      const bool last = step.op == Op::HandlerEnd || step.op == Op::End;
      pass(index);
      if (last) return;
    }
  }
}

void* threadMain(void* argument) {
  my_seat = static_cast<int>(reinterpret_cast<std::uintptr_t>(argument));
  Seat& seat = seats[my_seat];
  my_number = seat.number;
  alignas(64) unsigned char stack[kStackBytes];
  asm volatile("" : : "r"(stack) : "memory");
  runSteps(seat, stack, false);
  return nullptr;
}

void onSignal(int) {
  const int saved_errno = errno;
  Seat& seat = seats[my_seat];
  const std::size_t interrupted = seat.current;
  runSteps(seat, nullptr, true);
  seat.current = interrupted;
  errno = saved_errno;
}

void prepare(const Script& script, int bank) {
  playing = &script;
  bank_in_use = bank;
  finished = 0;
  raw_report_count = 0;
  for (Seat& seat : seats) {
    seat.turn = 0;
    seat.next = 0;
    seat.current = kNoStep;
    seat.steps.clear();
  }
  for (std::size_t i = 0; i < script.steps.size(); ++i)
    seats[script.steps[i].thread].steps.push_back(i);
  my_seat = 0;
  seats[0].number = my_number;
  seats[0].handle = pthread_self();
  seats[0].turn = script.steps[0].thread == 0 ? 1 : 0;
  struct sigaction action {};
  action.sa_handler = onSignal;
  action.sa_flags = SA_RESTART;
  sigaction(SIGUSR1, &action, nullptr);
  newMemory(arena, kMemoryBytes);
  newMemory(raw_objects, sizeof raw_objects);
  newMemory(seats, sizeof seats);  // where a detached thread of an earlier round has put a handle
  primitives[bank].make();
  for (int i = 0; i < kChannels; ++i) {
    if (bank != 0) forgetChannel(i);
    makeChannel(i, kCapacities[i]);
  }
}

Reported refine(const RawReport& raw) {
  Reported report{raw.step, raw.line, raw.bytes, -1, raw.by, {}};
  for (int i = 0; i < kMaxThreads; ++i)
    if (!seats[i].steps.empty() && seats[i].number == raw.with_thread) report.with_thread = i;
  if (raw.with_thread != ~0u && report.with_thread < 0) report.with_thread = -2;
  if (raw.step == kNoStep) return report;
  const Step& step = playing->steps[raw.step];
  for (int bit = 0; bit < 64; ++bit) {
    if ((raw.bytes >> bit & 1) == 0) continue;
    const unsigned char* at = raw.line + bit;
    int offset = -1;
    for (int i = 0; i < raw.range_count; ++i) {
      const auto& range = raw.ranges[i];
      if (at >= range.begin && at < range.begin + range.bytes)
        offset = range.offset + static_cast<int>(at - range.begin);
    }
    // A channel's state is one byte, whose address only the channel knows.
    if (step.op >= Op::Send && step.op <= Op::Close) offset = kMemoryBytes + step.object * 64;
    report.offsets.push_back(offset);
  }
  return report;
}

}  // namespace

std::uint32_t threads_created = 0;

std::vector<Reported> play(const Script& script, int bank) {
  prepare(script, bank);
  alignas(64) unsigned char stack[kStackBytes];
  newMemory(stack, sizeof stack);
  runSteps(seats[0], stack, false);
  while (__atomic_load_n(&finished, __ATOMIC_SEQ_CST) == 0) futexWait(&finished, 0);
  seats[0].current = kNoStep;
  newMemory(stack,
            sizeof stack);  // detached threads that were at it are not ordered before what follows
  for (int i = 0; i < kChannels; ++i) dropChannel(i);
  primitives[bank].drop();
  std::vector<Reported> reports;
  for (std::uint32_t i = 0; i < raw_report_count; ++i) reports.push_back(refine(raw_reports[i]));
  return reports;
}

void describeSeats(int descriptor) {
  if (playing == nullptr) return;
  dprintf(descriptor, "seed %llu\n", static_cast<unsigned long long>(playing->seed));
  for (int i = 0; i < kMaxThreads; ++i) {
    const Seat& seat = seats[i];
    if (seat.steps.empty() || seat.next == seat.steps.size()) continue;
    dprintf(descriptor, "  T%d: did step %zd (%s), waits for step %zu (%s), may take step %d\n", i,
            static_cast<ssize_t>(seat.current),
            seat.current == kNoStep ? "-" : nameOf(playing->steps[seat.current].op),
            seat.steps[seat.next], nameOf(playing->steps[seat.steps[seat.next]].op),
            static_cast<int>(seat.turn) - 1);
  }
}

}  // namespace soak

/// The detector's hook; at the moment of the report, in the thread that makes it.
extern "C" void __hindsight_on_race_bytes(const void* line, unsigned long bytes,
                                          unsigned /*thread*/, unsigned previous_thread) {
  using namespace soak;  // NOLINT
  if (freeRunReported(line, bytes)) return;
  const std::uint32_t slot = __atomic_fetch_add(&raw_report_count, 1, __ATOMIC_RELAXED);
  if (slot >= kMostReports) abort();
  const Seat& seat = seats[my_seat];
  RawReport report{seat.current,
                   my_seat,
                   static_cast<const unsigned char*>(line),
                   bytes,
                   previous_thread,
                   0,
                   {}};
  if (seat.current != kNoStep) {
    const Step& step = playing->steps[seat.current];
    if (step.bytes > 0)
      report.ranges[report.range_count++] = {addressOf(step.place), step.bytes, step.place.offset};
    if (step.op == Op::Mixed)
      report.ranges[report.range_count++] = {addressOf(step.source), 8, step.source.offset};
    if (step.op == Op::Copy)
      report.ranges[report.range_count++] = {addressOf(step.source), step.bytes,
                                             step.source.offset};
    // A block that moves is given back whole; one that shrinks loses its end.
    if (step.op == Op::Realloc) report.ranges[0].bytes = 512;
  }
  raw_reports[slot] = report;
}
