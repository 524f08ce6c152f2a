#include "report/report_turn.h"

#include <time.h>

#include "base/spin_lock.h"
#include "platform/syscalls.h"
#include "threads/thread.h"

namespace hindsight {
namespace {

constexpr long kLongestWaitSeconds = 10;

constinit SpinLock turn;
constinit const TlsBlock* turn_owner = nullptr;  // who it is, by its own storage
constinit u32 current_phase = 0;
constinit u32 found[2] = {0, 0};
constinit sptr reporting_process = 0;

bool isOut(u32 phase) { return __atomic_load_n(&found[phase], __ATOMIC_ACQUIRE) == 0; }

long secondsNow() {
  timespec now = {0, 0};
  sysClockGettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec;
}

bool waitForPhase(u32 phase, long deadline) {
  for (u32 round = 0; !isOut(phase); spinWait(round++))
    if (secondsNow() > deadline) return false;
  return true;
}

}  // namespace

FoundReport::FoundReport() : phase_(__atomic_load_n(&current_phase, __ATOMIC_SEQ_CST)) {
  __atomic_fetch_add(&found[phase_], 1, __ATOMIC_SEQ_CST);
}

// pairs with: isOut
FoundReport::~FoundReport() { __atomic_fetch_sub(&found[phase_], 1, __ATOMIC_RELEASE); }

ReportTurn::ReportTurn() {
  turn.lock();
  __atomic_store_n(&turn_owner, &__hindsight_tls, __ATOMIC_RELAXED);  // read by this thread only
}

ReportTurn::~ReportTurn() {
  __atomic_store_n(&turn_owner, nullptr, __ATOMIC_RELAXED);
  turn.unlock();
}

bool waitForReports() {
  if (reportsAreOfAnother()) return false;
  if (__atomic_load_n(&turn_owner, __ATOMIC_RELAXED) == &__hindsight_tls) return false;
  if (isOut(0) && isOut(1)) return true;
  const long deadline = secondsNow() + kLongestWaitSeconds;
  for (int exchanged = 0; exchanged < 2; ++exchanged) {
    const u32 old = __atomic_fetch_xor(&current_phase, 1, __ATOMIC_SEQ_CST);
    if (!waitForPhase(old, deadline)) return false;
  }
  return true;
}

void reportForThisProcess() { reporting_process = sysGetpid(); }

bool reportsAreOfAnother() { return sysGetpid() != reporting_process; }

}  // namespace hindsight
