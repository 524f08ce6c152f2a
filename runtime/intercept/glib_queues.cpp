// glib_queues.cpp - what goes from thread to thread through GLib's queues and thread pools.
//
//   GAsyncQueue    push -> the pop that gets something; its lock, for the functions *_unlocked
//   GThreadPool    push -> the pool's function; its end -> the return of a free that waits for it
//
// Weak, as those in glib_locks.cpp.
//
// Thread safety: any thread. Allocation: arena, 24 bytes for each pool, which stay.
#include "base/arena.h"
#include "intercept/lock_calls.h"
#include "intercept/real_calls.h"

using namespace hindsight;

namespace {

// --- Queues --------------------------------------------------------------------------------------

/// What a queue hands over; its address itself is the name of its lock.
uptr handOver(const void* queue) { return syncKey(queue) + 1; }

/// `real_push(queue, ...)`, outside the runtime: it may call the program.
template <class RealPush, class... Rest>
void push(InterceptedCall& call, RealPush* real_push, void* queue, Rest... rest) {
  if (!call.bypass()) {
    release(call.thread(), handOver(queue));
    call.blocking([=] { real_push(queue, rest...); });
  } else {
    real_push(queue, rest...);
  }
}

template <class RealPop, class... Rest>
void* pop(InterceptedCall& call, RealPop* real_pop, void* queue, Rest... rest) {
  if (call.bypass()) return real_pop(queue, rest...);
  void* const data = call.blocking([=] { return real_pop(queue, rest...); });
  if (data != nullptr) acquire(call.thread(), handOver(queue));
  return data;
}

/// The same for a caller that holds the queue's lock, and gives it up while there is nothing.
template <class RealPop, class... Rest>
void* popLocked(InterceptedCall& call, RealPop* real_pop, void* queue, Rest... rest) {
  if (call.bypass()) return real_pop(queue, rest...);
  lockReleasing(call.thread(), syncKey(queue), Unlock::Frees);
  void* const data = pop(call, real_pop, queue, rest...);
  lockObtained(call.thread(), syncKey(queue), LockMode::Exclusive, call.pc());
  return data;
}

using Compare = int(const void*, const void*, void*);

struct Comparison {
  Compare* compare;
  void* argument;
  uptr hand_over;
};

/// Called by GLib under the queue's lock: what is compared has been pushed, and is popped later.
int compareItems(const void* left, const void* right, void* comparison) {
  const auto& running = *static_cast<const Comparison*>(comparison);
  {
    InterceptedCall call(HINDSIGHT_CALLER_PC);
    if (!call.bypass()) acquire(call.thread(), running.hand_over);
  }
  const int order = running.compare(left, right, running.argument);
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (!call.bypass()) release(call.thread(), running.hand_over);
  return order;
}

using RealPushSorted = void(void* queue, void* data, Compare* compare, void* argument);

void pushSorted(InterceptedCall& call, RealPushSorted* real_push, void* queue, void* data,
                Compare* compare, void* argument) {
  Comparison comparison{compare, argument, handOver(queue)};
  if (compare == nullptr || call.bypass())  // null is for GLib to refuse
    push(call, real_push, queue, data, compare, argument);
  else
    push(call, real_push, queue, data, compareItems, static_cast<void*>(&comparison));
}

// --- Thread pools --------------------------------------------------------------------------------

using PoolFunction = void(void* data, void* argument);

/// The pool's function and argument, in whose place it has runTask and this.
struct Pool {
  PoolFunction* function;
  void* argument;
  u64 ends;  // what comes after the end of a task is ordered by its address
};

/// The beginning of a GThreadPool.
struct PublicPool {
  PoolFunction* function;
  Pool* argument;
};

/// Called by the pool's threads, outside the runtime.
void runTask(void* data, void* argument) {
  Pool& pool = *static_cast<Pool*>(argument);
  {
    InterceptedCall call(HINDSIGHT_CALLER_PC);
    if (!call.bypass()) acquire(call.thread(), syncKey(&pool));
  }
  pool.function(data, pool.argument);
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (!call.bypass()) release(call.thread(), syncKey(&pool.ends));
}

/// Null if it is not one of ours.
Pool* poolOf(const void* pool) {
  const auto* const known = static_cast<const PublicPool*>(pool);
  return known != nullptr && known->function == runTask ? known->argument : nullptr;
}

Pool* makePool(PoolFunction* function, void* argument) {
  auto* const pool = arenaNew<Pool>();
  *pool = {function, argument, 0};
  return pool;
}

}  // namespace

HINDSIGHT_INTERCEPTOR void g_async_queue_lock(void* queue) {
  auto* const real_lock = real.g_async_queue_lock.seenFrom(HINDSIGHT_CALLER_PC);
  OrderingCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real_lock(queue);
  call.blocking([=] { real_lock(queue); });
  lockObtained(call.thread(), syncKey(queue), LockMode::Exclusive, call.pc());
}

HINDSIGHT_INTERCEPTOR void g_async_queue_unlock(void* queue) {
  auto* const real_unlock = real.g_async_queue_unlock.seenFrom(HINDSIGHT_CALLER_PC);
  OrderingCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real_unlock(queue);
  lockReleasing(call.thread(), syncKey(queue), Unlock::Frees);
  call.blocking([=] { real_unlock(queue); });
}

HINDSIGHT_INTERCEPTOR void g_async_queue_push(void* queue, void* data) {
  OrderingCall call(HINDSIGHT_CALLER_PC);
  push(call, real.g_async_queue_push.seenFrom(HINDSIGHT_CALLER_PC), queue, data);
}

HINDSIGHT_INTERCEPTOR void g_async_queue_push_unlocked(void* queue, void* data) {
  OrderingCall call(HINDSIGHT_CALLER_PC);
  push(call, real.g_async_queue_push_unlocked.seenFrom(HINDSIGHT_CALLER_PC), queue, data);
}

HINDSIGHT_INTERCEPTOR void g_async_queue_push_front(void* queue, void* data) {
  OrderingCall call(HINDSIGHT_CALLER_PC);
  push(call, real.g_async_queue_push_front.seenFrom(HINDSIGHT_CALLER_PC), queue, data);
}

HINDSIGHT_INTERCEPTOR void g_async_queue_push_front_unlocked(void* queue, void* data) {
  OrderingCall call(HINDSIGHT_CALLER_PC);
  push(call, real.g_async_queue_push_front_unlocked.seenFrom(HINDSIGHT_CALLER_PC), queue, data);
}

HINDSIGHT_INTERCEPTOR void g_async_queue_push_sorted(void* queue, void* data, Compare* compare,
                                                     void* argument) {
  OrderingCall call(HINDSIGHT_CALLER_PC);
  pushSorted(call, real.g_async_queue_push_sorted.seenFrom(HINDSIGHT_CALLER_PC), queue, data,
             compare, argument);
}

HINDSIGHT_INTERCEPTOR void g_async_queue_push_sorted_unlocked(void* queue, void* data,
                                                              Compare* compare, void* argument) {
  OrderingCall call(HINDSIGHT_CALLER_PC);
  pushSorted(call, real.g_async_queue_push_sorted_unlocked.seenFrom(HINDSIGHT_CALLER_PC), queue,
             data, compare, argument);
}

HINDSIGHT_INTERCEPTOR void* g_async_queue_pop(void* queue) {
  OrderingCall call(HINDSIGHT_CALLER_PC);
  return pop(call, real.g_async_queue_pop.seenFrom(HINDSIGHT_CALLER_PC), queue);
}

HINDSIGHT_INTERCEPTOR void* g_async_queue_pop_unlocked(void* queue) {
  OrderingCall call(HINDSIGHT_CALLER_PC);
  return popLocked(call, real.g_async_queue_pop_unlocked.seenFrom(HINDSIGHT_CALLER_PC), queue);
}

HINDSIGHT_INTERCEPTOR void* g_async_queue_try_pop(void* queue) {
  OrderingCall call(HINDSIGHT_CALLER_PC);
  return pop(call, real.g_async_queue_try_pop.seenFrom(HINDSIGHT_CALLER_PC), queue);
}

HINDSIGHT_INTERCEPTOR void* g_async_queue_try_pop_unlocked(void* queue) {
  OrderingCall call(HINDSIGHT_CALLER_PC);
  return pop(call, real.g_async_queue_try_pop_unlocked.seenFrom(HINDSIGHT_CALLER_PC), queue);
}

HINDSIGHT_INTERCEPTOR void* g_async_queue_timeout_pop(void* queue, u64 timeout_us) {
  OrderingCall call(HINDSIGHT_CALLER_PC);
  return pop(call, real.g_async_queue_timeout_pop.seenFrom(HINDSIGHT_CALLER_PC), queue, timeout_us);
}

HINDSIGHT_INTERCEPTOR void* g_async_queue_timeout_pop_unlocked(void* queue, u64 timeout_us) {
  OrderingCall call(HINDSIGHT_CALLER_PC);
  return popLocked(call, real.g_async_queue_timeout_pop_unlocked.seenFrom(HINDSIGHT_CALLER_PC),
                   queue, timeout_us);
}

HINDSIGHT_INTERCEPTOR void* g_thread_pool_new(PoolFunction* function, void* argument,
                                              int max_threads, int is_exclusive, void** error) {
  auto* const real_new = real.g_thread_pool_new.seenFrom(HINDSIGHT_CALLER_PC);
  OrderingCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real_new(function, argument, max_threads, is_exclusive, error);
  Pool* const pool = makePool(function, argument);
  return call.blocking([=] { return real_new(runTask, pool, max_threads, is_exclusive, error); });
}

HINDSIGHT_INTERCEPTOR void* g_thread_pool_new_full(PoolFunction* function, void* argument,
                                                   void (*free_item)(void*), int max_threads,
                                                   int is_exclusive, void** error) {
  auto* const real_new = real.g_thread_pool_new_full.seenFrom(HINDSIGHT_CALLER_PC);
  OrderingCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass())
    return real_new(function, argument, free_item, max_threads, is_exclusive, error);
  Pool* const pool = makePool(function, argument);
  return call.blocking(
      [=] { return real_new(runTask, pool, free_item, max_threads, is_exclusive, error); });
}

HINDSIGHT_INTERCEPTOR int g_thread_pool_push(void* pool, void* data, void** error) {
  auto* const real_push = real.g_thread_pool_push.seenFrom(HINDSIGHT_CALLER_PC);
  OrderingCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real_push(pool, data, error);
  if (Pool* const known = poolOf(pool)) release(call.thread(), syncKey(known));
  return call.blocking([=] { return real_push(pool, data, error); });
}

HINDSIGHT_INTERCEPTOR void g_thread_pool_free(void* pool, int is_immediate, int waits) {
  auto* const real_free = real.g_thread_pool_free.seenFrom(HINDSIGHT_CALLER_PC);
  OrderingCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real_free(pool, is_immediate, waits);
  Pool* const known = poolOf(pool);  // the pool itself may go at once
  call.blocking([=] { real_free(pool, is_immediate, waits); });
  if (known != nullptr && waits != 0) acquire(call.thread(), syncKey(&known->ends));
}
