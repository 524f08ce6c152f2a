// glib_api.h - functions of GLib that have an interceptor, as its headers declare them but for the
// names of types.
//
// GLib is not needed to build the runtime. All are in its stable interface since 2.32.
#pragma once

#include "base/types.h"

extern "C" {

// A GMutex, a GCond.
void g_mutex_lock(void* mutex);
int g_mutex_trylock(void* mutex);
void g_mutex_unlock(void* mutex);
void g_cond_wait(void* condition, void* mutex);
/// Returns 0 once `end_time` (microseconds of the monotonic clock) has passed.
int g_cond_wait_until(void* condition, void* mutex, long end_time);
void g_bit_lock(volatile int* word, int bit);
int g_bit_trylock(volatile int* word, int bit);
void g_bit_unlock(volatile int* word, int bit);
void g_pointer_bit_lock(volatile void* word, int bit);
int g_pointer_bit_trylock(volatile void* word, int bit);
void g_pointer_bit_unlock(volatile void* word, int bit);

/// Returns not 0 if the caller must initialise, and then call g_once_init_leave.
int g_once_init_enter(volatile void* location);
void g_once_init_leave(volatile void* location, size_t result);
/// Behind the macro g_once(), which reads the first word of `once` by itself.
void* g_once_impl(void* once, void* (*function)(void*), void* argument);

// A GAsyncQueue. Those that take something out return null if there is nothing (in time).
void g_async_queue_lock(void* queue);
void g_async_queue_unlock(void* queue);
void g_async_queue_push(void* queue, void* data);
void g_async_queue_push_unlocked(void* queue, void* data);
void g_async_queue_push_front(void* queue, void* data);
void g_async_queue_push_front_unlocked(void* queue, void* data);
void g_async_queue_push_sorted(void* queue, void* data,
                               int (*compare)(const void*, const void*, void*), void* argument);
void g_async_queue_push_sorted_unlocked(void* queue, void* data,
                                        int (*compare)(const void*, const void*, void*),
                                        void* argument);
void* g_async_queue_pop(void* queue);
void* g_async_queue_pop_unlocked(void* queue);
void* g_async_queue_try_pop(void* queue);
void* g_async_queue_try_pop_unlocked(void* queue);
void* g_async_queue_timeout_pop(void* queue, hindsight::u64 timeout_us);
void* g_async_queue_timeout_pop_unlocked(void* queue, hindsight::u64 timeout_us);

// A GThreadPool.
void* g_thread_pool_new(void (*function)(void*, void*), void* argument, int max_threads,
                        int is_exclusive, void** error);
void* g_thread_pool_new_full(void (*function)(void*, void*), void* argument,
                             void (*free_item)(void*), int max_threads, int is_exclusive,
                             void** error);
int g_thread_pool_push(void* pool, void* data, void** error);
void g_thread_pool_free(void* pool, int is_immediate, int waits);

// Reference counts of a GObject, and of a GAtomicRcBox.
void g_object_unref(void* object);
void g_atomic_rc_box_release(void* box);
void g_atomic_rc_box_release_full(void* box, void (*clear)(void*));

}  // extern "C"
