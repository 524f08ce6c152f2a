// channel_select.h - send, receive, close and select on untyped channels.
//
// A select locks all its channels in the order of their addresses, looks for a ready case in random
// order, and if there is none queues itself on all of them before it unlocks: nothing can become
// ready unseen in between. A plain send or receive is a select with one case.
//
// Envelopes, waiters and invariants: see channel_core.h.
#ifndef HINDSIGHT_DETAIL_CHANNEL_SELECT_H
#define HINDSIGHT_DETAIL_CHANNEL_SELECT_H

#include "hindsight/detail/channel_core.h"

namespace hindsight::detail {

/// `deadline_ns` values besides a time of CLOCK_MONOTONIC.
constexpr std::int64_t kForever = -1;
constexpr std::int64_t kDoNotBlock = 0;

// ---- one case, its channel locked ---------------------------------------------------------------

/// True if the send is decided: outcome Done, Closed or NoMemory. `wake`: see finish().
HINDSIGHT_UNINSTRUMENTED inline bool attemptSend(Case& op, std::uint32_t*& wake) {
  ChannelCore& core = *op.core;
  if (core.closed) {
    op.outcome = Outcome::Closed;
    return true;
  }
  const bool full = core.count == core.capacity;
  if (full && core.receivers.first == nullptr) return false;
  if (!bringEnvelope(op)) {
    op.outcome = Outcome::NoMemory;
    return true;
  }
  const Claimed receiver = takeWaiter(core.receivers);
  if (receiver.op == nullptr && full) {
    recycle(core, op.mine);
    return false;
  }
  if (core.capacity == 0) {
    op.got = receiver.op->mine;
  } else {
    std::size_t last = core.first + core.count;
    if (last >= core.capacity) last -= core.capacity;
    Envelope*& slot = core.ring()[last];
    op.got = slot;
    if (receiver.op != nullptr) {  // through the slot and out of it again (I1: the ring is empty)
      slot = receiver.op->mine;
      if (++core.first == core.capacity) core.first = 0;
    } else {
      slot = op.mine;
      ++core.count;
    }
  }
  if (receiver.op != nullptr) wake = finish(receiver, Outcome::Done, op.mine);
  openEnvelope(op);
  op.outcome = Outcome::Done;
  return true;
}

/// As attemptSend.
HINDSIGHT_UNINSTRUMENTED inline bool attemptReceive(Case& op, std::uint32_t*& wake) {
  ChannelCore& core = *op.core;
  if (core.count == 0 && (core.capacity != 0 || core.senders.first == nullptr)) {
    if (!core.closed) return false;
    hindsight_acquire(&core.closed);
    op.outcome = Outcome::Closed;
    return true;
  }
  if (!bringEnvelope(op)) {
    op.outcome = Outcome::NoMemory;
    return true;
  }
  const Claimed sender = takeWaiter(core.senders);
  if (core.capacity == 0) {
    if (sender.op == nullptr) {
      recycle(core, op.mine);
      return false;
    }
    op.got = sender.op->mine;
  } else {
    Envelope*& slot = core.ring()[core.first];
    op.got = slot;
    if (++core.first == core.capacity) core.first = 0;
    if (sender.op != nullptr) {  // the ring was full (I1): this slot is also the next to fill
      slot = sender.op->mine;
    } else {
      slot = op.mine;
      --core.count;
    }
  }
  if (sender.op != nullptr) wake = finish(sender, Outcome::Done, op.mine);
  openEnvelope(op);
  op.outcome = Outcome::Done;
  return true;
}

/// False if the channel was closed already.
HINDSIGHT_UNINSTRUMENTED inline bool closeChannel(ChannelCore& core) {
  lock(core);
  const bool first_close = !core.closed;
  if (first_close) {
    core.closed = true;
    hindsight_release(&core.closed);
    for (WaitQueue* queue : {&core.receivers, &core.senders})
      for (Claimed waiter = takeWaiter(*queue); waiter.op != nullptr; waiter = takeWaiter(*queue))
        if (std::uint32_t* wake = finish(waiter, Outcome::Closed, nullptr)) futexWake(wake);
  }
  unlock(core);
  return first_close;
}

/// Elements buffered now. Orders nothing.
HINDSIGHT_UNINSTRUMENTED inline std::size_t channelSize(const ChannelCore& core) {
  return __atomic_load_n(&core.count, __ATOMIC_RELAXED);
}
HINDSIGHT_UNINSTRUMENTED inline std::size_t channelCapacity(const ChannelCore& core) {
  return core.capacity;
}

// ---- select -------------------------------------------------------------------------------------

/// The cases of one select. Arrays of `count` entries each, nil channels left out.
struct Selection {
  Case** by_address;
  Case** shuffled;
  std::size_t count;
};

HINDSIGHT_UNINSTRUMENTED inline std::uint32_t nextRandom() {
  static thread_local std::uint32_t state = 0;
  if (state == 0) state = static_cast<std::uint32_t>(reinterpret_cast<std::uintptr_t>(&state)) | 1;
  state ^= state << 13;
  state ^= state >> 17;
  state ^= state << 5;
  return state;
}

/// Fills both orders with `all`'s cases that have a channel.
HINDSIGHT_UNINSTRUMENTED inline void order(Selection& selection, Case* all, std::size_t count) {
  std::size_t used = 0;
  for (std::size_t k = 0; k < count; ++k) {
    if (all[k].core == nullptr) continue;
    const std::size_t other = used == 0 ? 0 : nextRandom() % (used + 1);
    if (other != used) selection.shuffled[used] = selection.shuffled[other];
    selection.shuffled[other] = &all[k];
    const auto address = reinterpret_cast<std::uintptr_t>(all[k].core);
    std::size_t place = used++;
    for (; place > 0; --place) {
      Case* before = selection.by_address[place - 1];
      if (reinterpret_cast<std::uintptr_t>(before->core) <= address) break;
      selection.by_address[place] = before;
    }
    selection.by_address[place] = &all[k];
  }
  selection.count = used;
}

/// The same channel may occur more than once: it is locked once.
HINDSIGHT_UNINSTRUMENTED inline void lockAll(const Selection& selection) {
  for (std::size_t k = 0; k < selection.count; ++k)
    if (k == 0 || selection.by_address[k]->core != selection.by_address[k - 1]->core)
      lock(*selection.by_address[k]->core);
}
HINDSIGHT_UNINSTRUMENTED inline void unlockAll(const Selection& selection) {
  for (std::size_t k = 0; k < selection.count; ++k)
    if (k == 0 || selection.by_address[k]->core != selection.by_address[k - 1]->core)
      unlock(*selection.by_address[k]->core);
}

/// Queues every case. False: out of memory, nothing queued.
HINDSIGHT_UNINSTRUMENTED inline bool enqueueAll(const Selection& selection, Waiter& waiter) {
  for (std::size_t k = 0; k < selection.count; ++k) {
    if (bringEnvelope(*selection.shuffled[k])) continue;
    while (k-- > 0) recycle(*selection.shuffled[k]->core, selection.shuffled[k]->mine);
    return false;
  }
  for (std::size_t k = 0; k < selection.count; ++k) {
    Case& op = *selection.shuffled[k];
    op.waiter = &waiter;
    reference(*op.core);  // a partner may drop the last handle before we are done here
    enqueue(op.is_send ? op.core->senders : op.core->receivers, op);
  }
  return true;
}

HINDSIGHT_UNINSTRUMENTED inline std::int64_t monotonicNow() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<std::int64_t>(now.tv_sec) * 1000000000 + now.tv_nsec;
}

/// Waits until a partner fired the waiter or the deadline has passed.
HINDSIGHT_UNINSTRUMENTED inline void await(Waiter& waiter, std::int64_t deadline_ns) {
  constexpr int kSpins = 100;
  for (int spin = 0; spin < kSpins; ++spin, pause())
    if (__atomic_load_n(&waiter.state, __ATOMIC_RELAXED) == kDone) break;
  for (;;) {
    std::uint32_t state = __atomic_load_n(&waiter.state, __ATOMIC_ACQUIRE);  // pairs with: finish
    if (state == kDone) return;
    if (state == kClaimed) {
      sched_yield();
      continue;
    }
    if (state == kSpinning && !__atomic_compare_exchange_n(&waiter.state, &state, kAsleep, false,
                                                           __ATOMIC_RELAXED, __ATOMIC_RELAXED))
      continue;
    futexWait(&waiter.state, kAsleep, deadline_ns);
    if (deadline_ns >= 0 && monotonicNow() >= deadline_ns && claim(waiter, kDone) < kClaimed)
      return;
  }
}

/// Takes what is still queued off its queues and completes the case that fired.
HINDSIGHT_UNINSTRUMENTED inline void settle(const Selection& selection, const Waiter& waiter) {
  for (std::size_t k = 0; k < selection.count; ++k) {
    Case& op = *selection.shuffled[k];
    ChannelCore& core = *op.core;
    lock(core);
    if (op.queued) unlink(op.is_send ? core.senders : core.receivers, op);
    if (&op == waiter.fired && op.outcome == Outcome::Done)
      openEnvelope(op);
    else
      recycle(core, op.mine);
    unlock(core);
    if (&op == waiter.fired && op.outcome == Outcome::Closed && !op.is_send)
      hindsight_acquire(&core.closed);
    dereference(core);
  }
}

/// Performs one of the cases, waiting for it if need be. Returns it, or null when the deadline
/// passed first (at once with kDoNotBlock). The outcome is in the case: Done, Closed or NoMemory.
HINDSIGHT_UNINSTRUMENTED inline Case* select(Case* all, std::size_t count, Selection selection,
                                             std::int64_t deadline_ns) {
  order(selection, all, count);
  lockAll(selection);
  Case* chosen = nullptr;
  std::uint32_t* wake = nullptr;
  for (std::size_t k = 0; k < selection.count && chosen == nullptr; ++k) {
    Case& op = *selection.shuffled[k];
    if (op.is_send ? attemptSend(op, wake) : attemptReceive(op, wake)) chosen = &op;
  }
  Waiter waiter;
  const bool wait = chosen == nullptr && deadline_ns != kDoNotBlock;
  if (wait && !enqueueAll(selection, waiter)) {
    chosen = selection.shuffled[0];
    chosen->outcome = Outcome::NoMemory;
  }
  unlockAll(selection);
  if (wake != nullptr) futexWake(wake);
  if (!wait || chosen != nullptr) return chosen;

  await(waiter, deadline_ns);
  settle(selection, waiter);
  return waiter.fired;
}

/// A select with one case.
HINDSIGHT_UNINSTRUMENTED inline Case* perform(Case& op, std::int64_t deadline_ns) {
  Case* by_address[1];
  Case* shuffled[1];
  return select(&op, 1, Selection{by_address, shuffled, 0}, deadline_ns);
}

}  // namespace hindsight::detail

#endif  // HINDSIGHT_DETAIL_CHANNEL_SELECT_H
