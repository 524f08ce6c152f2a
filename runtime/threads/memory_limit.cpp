#include "threads/memory_limit.h"

#include <time.h>

#include "base/text_writer.h"
#include "history/kept_history.h"
#include "platform/resident.h"
#include "platform/syscalls.h"
#include "threads/drop_shadow.h"
#include "threads/recycle.h"
#include "threads/runtime_scope.h"
#include "threads/thread.h"

namespace hindsight {

constinit u64 memory_limit = 0;

namespace {

constexpr u64 kLeastNs = 20'000'000;  // between two looks
/// Forgetting is not worth it for less than this part of the limit, nor a pause more often than one
/// part in ten of the time.
constexpr u64 kLeastGain = 16, kShare = 10;

constinit int busy_process =
    0;  // whose thread is at it: a fork may come in between, and the child has no such thread
constinit u64 next_look_ns = 0;
constinit bool said_history = false, said_forgotten = false, said_too_large = false;
constinit u64 left_over =
    0;  // in memory after step 3, the last time, or at a later look if it was less

u64 nowNs() {
  timespec now{};
  sysClockGettime(CLOCK_MONOTONIC, &now);
  return static_cast<u64>(now.tv_sec) * 1'000'000'000 + static_cast<u64>(now.tv_nsec);
}

u64 residentBytes() { return residentPages() * kPageSize; }
bool isAbove(u64 bytes) { return bytes > memory_limit; }

void say(bool& said, const char* what) {
  if (said) return;
  said = true;
  TextWriter message;
  message.text("hindsight: memory_limit_mb=")
      .decimal(memory_limit >> 20)
      .text(" is reached: ")
      .text(what)
      .text("\n");
  sysWrite(2, message.data(), message.size());
}

/// Kept history of all threads; the world is stopped.
void giveUpKeptHistory() {
  kept_history_limit = 0;
  forEachThread([](Thread& thread, void*) { destroyKeptHistory(thread.history); }, nullptr);
}

/// The world is stopped. No thread takes its spans for recorded any more; one that is about to
/// remember some has looked at the counter already (entry/spans.cpp).
void forgetAllAccesses() {
  dropAllAccesses();
  forEachThread([](Thread& thread, void*) { ++thread.resets; }, nullptr);
}

void makeRoom() {
  if (kept_history_limit != 0) {
    stopWorld(Stop::Recycle);
    giveUpKeptHistory();
    resumeWorld();
    say(said_history, "older accesses lose their stacks; races with them are found all the same");
    if (!isAbove(residentBytes())) return;
  }
  recycleStamps(true, true);
  const u64 before = residentBytes();
  if (!isAbove(before) || before < left_over + memory_limit / kLeastGain) return;
  stopWorld(Stop::Recycle);
  forgetAllAccesses();
  resumeWorld();
  left_over = residentBytes();
  say(said_forgotten,
      "what has been accessed until now is forgotten, now and whenever that is so again; "
      "races with it are not found");
  if (isAbove(left_over))
    say(said_too_large, "the program itself and what is known of its locks need more than that");
}

}  // namespace

void keepMemoryLimit() {
  const u64 now = nowNs();
  if (now < __atomic_load_n(&next_look_ns, __ATOMIC_RELAXED)) return;
  const auto process = static_cast<int>(sysGetpid());
  if (__atomic_exchange_n(&busy_process, process, __ATOMIC_ACQUIRE) == process)
    return;  // pairs with: the store below
  u64 wait = kLeastNs;
  const u64 bytes = residentBytes();
  left_over = min(left_over, bytes);  // the program has given some back
  if (isAbove(bytes)) {
    makeRoom();
    wait = max(wait, kShare * (nowNs() - now));
    if (said_too_large) wait = max<u64>(wait, 50 * kLeastNs);
  }
  __atomic_store_n(&next_look_ns, nowNs() + wait, __ATOMIC_RELAXED);
  __atomic_store_n(&busy_process, 0, __ATOMIC_RELEASE);
}

}  // namespace hindsight
