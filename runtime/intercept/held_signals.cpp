#include "intercept/held_signals.h"

#include <stddef.h>

#include "intercept/signal_kinds.h"
#include "platform/syscalls.h"

namespace hindsight {
namespace {

constexpr int kFirstRealTime = 32;  // the kernel's

struct Held {
  siginfo_t info;
  u32 drops;        // of its number, when it came
  bool has_a_mark;  // of its own
};

/// More than one of a number if handlers nest (SA_NODEFER), of several if they interrupt each
/// other. Beyond that, signals come in another order.
constexpr u32 kMostHeld = 8;

struct HeldSignals {
  u32 count;
  Held signals[kMostHeld];  // of one number, in order
};
constinit thread_local HeldSignals held_signals{};

constinit u32 drops[kSignals] = {};
constinit char mark_of_held = 0;  // its address is what a mark brings

/// A siginfo_t, whose parts are unions, as of sigqueue.
struct Mark {
  int signal, error, code, unused;
  int pid, uid;
  const void* value;
  u64 rest[12];
};
static_assert(sizeof(Mark) == sizeof(siginfo_t));
static_assert(offsetof(Mark, code) == offsetof(siginfo_t, si_code));
static_assert(offsetof(Mark, value) == offsetof(siginfo_t, si_value));
constexpr Mark kOwnMark{0, 0, SI_QUEUE, 0, 0, 0, &mark_of_held, {}};
constexpr Mark kMergedMark{0, 0, SI_USER, 0, 0, 0, &mark_of_held, {}};

bool isHeld(const Held& held, int signal) { return held.info.si_signo == signal; }

/// The first of the number, or `count`.
u32 find(const HeldSignals& all, int signal) {
  u32 i = 0;
  while (i < all.count && !isHeld(all.signals[i], signal)) ++i;
  return i;
}

/// One of the number with a mark of its own, or without; null if there is none.
Held* findMarked(HeldSignals& all, int signal, bool has_a_mark) {
  for (u32 i = 0; i < all.count; ++i)
    if (isHeld(all.signals[i], signal) && all.signals[i].has_a_mark == has_a_mark)
      return &all.signals[i];
  return nullptr;
}

/// What has come; marks that are not one's own are merged with others.
enum class Brings : u8 { Signal, OwnMark, MergedMark };

Brings whatBrings(HeldSignals& all, int signal, const siginfo_t& info) {
  if (info.si_value.sival_ptr == &mark_of_held) {
    if (info.si_code == SI_QUEUE) return Brings::OwnMark;
    if (info.si_code == SI_USER) return Brings::MergedMark;
  }
  // Of a real-time signal, this is what is brought by one that the kernel had no room for.
  const bool is_blank = info.si_code == SI_USER && info.si_pid == 0 && info.si_uid == 0;
  if (is_blank && signal >= kFirstRealTime && findMarked(all, signal, false) != nullptr)
    return Brings::MergedMark;
  return Brings::Signal;
}

Held remove(HeldSignals& all, u32 index) {
  const Held removed = all.signals[index];
  --all.count;
  for (u32 i = index; i < all.count; ++i) all.signals[i] = all.signals[i + 1];
  return removed;
}

void append(HeldSignals& all, const siginfo_t& info, bool has_a_mark) {
  const u32 seen = __atomic_load_n(&drops[info.si_signo], __ATOMIC_RELAXED);
  all.signals[all.count++] = {info, seen, has_a_mark};
}

void removeDropped(HeldSignals& all, int signal) {
  const u32 now = __atomic_load_n(&drops[signal], __ATOMIC_RELAXED);
  for (u32 i = 0; i < all.count;)
    if (isHeld(all.signals[i], signal) && all.signals[i].drops != now)
      remove(all, i);
    else
      ++i;
}

/// Invariant 1.
void mark(HeldSignals& all, int signal) {
  while (Held* const held = findMarked(all, signal, false)) {
    held->has_a_mark = signal >= kFirstRealTime && !syscallFailed(sendAgain(signal, &kOwnMark));
    if (held->has_a_mark) continue;
    // There is always room for a standard signal of this kind, and a real-time one comes anyway.
    sendAgain(signal, &kMergedMark);
    return;
  }
}

}  // namespace

void holdSignal(int signal, const siginfo_t& info) {
  HeldSignals& all = held_signals;
  removeDropped(all, signal);
  const Brings brings = whatBrings(all, signal, info);
  if (brings == Brings::OwnMark) {
    if (Held* const owner = findMarked(all, signal, true)) owner->has_a_mark = false;
  } else if (brings == Brings::Signal) {
    if (all.count == kMostHeld) {
      sendAgain(signal, &info);
      return;
    }
    append(all, info, false);
  }
  mark(all, signal);
}

bool takeHeldSignal(int signal, siginfo_t& info) {
  HeldSignals& all = held_signals;
  removeDropped(all, signal);
  const u32 first = find(all, signal);
  const Brings brings = whatBrings(all, signal, info);
  if (first == all.count) return brings == Brings::Signal;
  const Held taken = remove(all, first);
  if (brings == Brings::Signal)
    append(all, info, taken.has_a_mark);
  else if (const bool had_one = brings == Brings::OwnMark; taken.has_a_mark != had_one)
    if (Held* const other = findMarked(all, signal, had_one))  // it was this one's
      other->has_a_mark = taken.has_a_mark;
  info = taken.info;
  mark(all, signal);
  return true;
}

void remindOfSignals(u64 set) {
  const HeldSignals& all = held_signals;
  for (u32 i = 0; i < all.count; ++i) {
    const Held& held = all.signals[i];
    const int signal = held.info.si_signo;
    const bool is_dropped = held.drops != __atomic_load_n(&drops[signal], __ATOMIC_RELAXED);
    if ((set & bitOf(signal)) != 0 && !held.has_a_mark && !is_dropped)
      sendAgain(signal, &kMergedMark);
  }
}

bool holdsSignals() { return held_signals.count != 0; }

void forgetHeldSignals() { held_signals.count = 0; }

void signalsAreDropped(int signal) { __atomic_add_fetch(&drops[signal], 1, __ATOMIC_RELAXED); }

}  // namespace hindsight
