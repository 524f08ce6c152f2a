// channel_core.h - the untyped machinery below hindsight::chan: ring, wait queues, select, futex.
//
// Elements are 64-bit payloads here (chan.h packs a small T into one or points to a T). This code
// is never instrumented, so that its lock orders nothing for the detector; the only edges are the
// explicit ones below.
//
// Envelopes. Every operation brings an envelope and leaves with its partner's. It first stores its
// own clock in the envelope it brings (release), and at the end takes over the clock in the one it
// got (acquire). A ring slot holds the envelope of the last operation on it:
//
//   send k     leaves its envelope (clock, payload), takes that of receive k-C
//   receive k  leaves its envelope (clock),          takes that of send k
//   C = 0      sender and receiver swap envelopes directly
//
// With release before acquire these are exactly the edges of the Go memory model: receive k-C is
// not ordered before receive k. The order of the two steps matters; do not "simplify" it.
// A close stores its clock in the channel; a receive that finds the channel closed acquires it.
//
// Waiting. A blocked operation (or select) has one Waiter and one queued Case per channel. A
// partner claims the waiter by its state, so a select fires once:
//   kSpinning -> kAsleep            by the owner, before it sleeps on the futex
//   kSpinning | kAsleep -> kClaimed by a partner holding the lock of one of its channels
//   kSpinning | kAsleep -> kDone    by the owner, on timeout
//   kClaimed -> kDone               by that partner, results written; it may touch nothing after
//
// Invariants, under the channel's lock:
//   I1  a queued receiver implies an empty ring, a queued sender a full one
//       (cases of a claimed or finished select do not count: they are skipped)
//   I2  a closed channel has no waiters
//   I3  ring slots [first, first + count) hold sends, the others receives or null
//
// Thread safety: every function may run in any number of threads. Not in signal handlers.
// Allocation: one block per channel, envelopes on demand and kept until the channel goes.
#ifndef HINDSIGHT_DETAIL_CHANNEL_CORE_H
#define HINDSIGHT_DETAIL_CHANNEL_CORE_H

#include <sched.h>
#include <time.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <new>

#include "hindsight/annotate.h"
#include "hindsight/detail/unseen.h"

namespace hindsight::detail {

enum class Outcome : std::uint8_t { NotReady, Done, Closed, NoMemory };

struct Envelope {
  std::uint64_t payload;
  Envelope* next_free;
};

enum WaiterState : std::uint32_t { kSpinning, kAsleep, kClaimed, kDone };

struct Case;
struct Waiter {
  std::uint32_t state = kSpinning;
  Case* fired = nullptr;
};

struct ChannelCore;

/// One operation on one channel: an alternative of a select, or the only one.
struct Case {
  ChannelCore* core = nullptr;  // null: a nil channel, never ready
  bool is_send = false;
  Outcome outcome = Outcome::NotReady;
  std::uint64_t payload = 0;  // what to send; what was received
  // The rest belongs to channel_select.h.
  Envelope* mine = nullptr;
  Envelope* got = nullptr;
  Waiter* waiter = nullptr;
  Case* previous = nullptr;
  Case* next = nullptr;
  bool queued = false;
};

struct WaitQueue {
  Case* first = nullptr;
  Case* last = nullptr;
};

struct ChannelCore {
  std::uint32_t lock = 0;  // see lockWord()
  std::uint32_t references = 1;
  std::size_t capacity = 0;
  std::size_t count = 0;
  std::size_t first = 0;
  WaitQueue senders;
  WaitQueue receivers;
  Envelope* free_envelopes = nullptr;
  void (*drop)(std::uint64_t payload) = nullptr;  // destroys an element; null: nothing to do
  bool closed = false;  // also the address of the close edge and of the send/close race

  Envelope** ring() { return reinterpret_cast<Envelope**>(this + 1); }
};

// ---- lock --------------------------------------------------------------------------------------

HINDSIGHT_UNINSTRUMENTED inline void lock(ChannelCore& core) { lockWord(&core.lock); }

/// After this the channel may be gone: see dereference().
HINDSIGHT_UNINSTRUMENTED inline void unlock(ChannelCore& core) { unlockWord(&core.lock); }

// ---- life -------------------------------------------------------------------------------------

/// Null: out of memory, or a capacity that no memory could hold.
HINDSIGHT_UNINSTRUMENTED inline ChannelCore* newCore(std::size_t capacity,
                                                     void (*drop)(std::uint64_t)) {
  std::size_t bytes = 0;
  if (__builtin_mul_overflow(capacity, sizeof(Envelope*), &bytes) ||
      __builtin_add_overflow(bytes, sizeof(ChannelCore), &bytes))
    return nullptr;
  void* block = std::calloc(1, bytes);
  if (block == nullptr) return nullptr;
  ChannelCore* core = new (block) ChannelCore;
  core->capacity = capacity;
  core->drop = drop;
  return core;
}

HINDSIGHT_UNINSTRUMENTED inline void reference(ChannelCore& core) {
  __atomic_fetch_add(&core.references, 1, __ATOMIC_RELAXED);
}

/// Drops one reference; the last one destroys the elements left (as if it had received them).
HINDSIGHT_UNINSTRUMENTED inline void dereference(ChannelCore& core) {
  if (__atomic_sub_fetch(&core.references, 1, __ATOMIC_ACQ_REL) != 0) return;
  // A partner that let us through may still be inside its critical section.
  lock(core);
  unlock(core);
  Envelope** ring = core.ring();
  for (std::size_t k = 0; k < core.count && core.drop != nullptr; ++k) {
    Envelope* sent = ring[(core.first + k) % core.capacity];
    hindsight_acquire(sent);
    core.drop(sent->payload);
  }
  for (std::size_t slot = 0; slot < core.capacity; ++slot)
    if (ring[slot] != nullptr) freeUnordered(ring[slot], sizeof(Envelope));
  while (Envelope* envelope = core.free_envelopes) {
    core.free_envelopes = envelope->next_free;
    freeUnordered(envelope, sizeof(Envelope));
  }
  freeUnordered(&core, sizeof(ChannelCore) + core.capacity * sizeof(Envelope*));
}

// ---- envelopes and queues (the channel's lock is held) ------------------------------------------

/// Brings the case's envelope: payload in, clock stored. False: out of memory.
HINDSIGHT_UNINSTRUMENTED inline bool bringEnvelope(Case& op) {
  Envelope* envelope = op.core->free_envelopes;
  if (envelope != nullptr)
    op.core->free_envelopes = envelope->next_free;
  else
    envelope = static_cast<Envelope*>(std::malloc(sizeof(Envelope)));
  if (envelope == nullptr) return false;
  envelope->payload = op.payload;
  hindsight_release_store(envelope);
  op.mine = envelope;
  return true;
}

HINDSIGHT_UNINSTRUMENTED inline void recycle(ChannelCore& core, Envelope* envelope) {
  envelope->next_free = core.free_envelopes;
  core.free_envelopes = envelope;
}

/// Completes an operation with what it got: takes over the partner's clock and the payload.
HINDSIGHT_UNINSTRUMENTED inline void openEnvelope(Case& op) {
  if (op.got == nullptr) return;
  hindsight_acquire(op.got);
  if (!op.is_send) op.payload = op.got->payload;
  recycle(*op.core, op.got);
}

HINDSIGHT_UNINSTRUMENTED inline void enqueue(WaitQueue& queue, Case& op) {
  op.previous = queue.last;
  op.next = nullptr;
  (queue.last != nullptr ? queue.last->next : queue.first) = &op;
  queue.last = &op;
  op.queued = true;
}

HINDSIGHT_UNINSTRUMENTED inline void unlink(WaitQueue& queue, Case& op) {
  (op.previous != nullptr ? op.previous->next : queue.first) = op.next;
  (op.next != nullptr ? op.next->previous : queue.last) = op.previous;
  op.queued = false;
}

/// Moves a waiter to `to` unless it fired already. Returns the state it was in.
HINDSIGHT_UNINSTRUMENTED inline std::uint32_t claim(Waiter& waiter, WaiterState to) {
  std::uint32_t state = __atomic_load_n(&waiter.state, __ATOMIC_RELAXED);
  while (state < kClaimed && !__atomic_compare_exchange_n(&waiter.state, &state, to, false,
                                                          __ATOMIC_ACQ_REL, __ATOMIC_RELAXED)) {
  }
  return state;
}

/// A partner taken from a wait queue, ours to complete. Wake it by finish().
struct Claimed {
  Case* op;
  bool asleep;
};

HINDSIGHT_UNINSTRUMENTED inline Claimed takeWaiter(WaitQueue& queue) {
  while (Case* op = queue.first) {
    unlink(queue, *op);
    const std::uint32_t state = claim(*op->waiter, kClaimed);
    if (state < kClaimed) return {op, state == kAsleep};
  }
  return {nullptr, false};
}

/// Lets a claimed partner go on. Returns the futex to wake once the lock is free, or null.
HINDSIGHT_UNINSTRUMENTED inline std::uint32_t* finish(Claimed partner, Outcome outcome,
                                                      Envelope* got) {
  Waiter* waiter = partner.op->waiter;
  partner.op->outcome = outcome;
  partner.op->got = got;
  waiter->fired = partner.op;
  __atomic_store_n(&waiter->state, kDone, __ATOMIC_RELEASE);  // pairs with: await
  return partner.asleep ? &waiter->state : nullptr;
}

}  // namespace hindsight::detail

#endif  // HINDSIGHT_DETAIL_CHANNEL_CORE_H
