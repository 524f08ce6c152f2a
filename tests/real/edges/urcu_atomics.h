// urcu_atomics.h - liburcu 0.13's barriers and atomics, spelled in C11.
//
// On x86 that version orders memory with inline assembly and volatile accesses, which mean nothing
// to ISO C and nothing to a race detector. Later versions can be configured to use the compiler's
// atomics; this header does the same to the headers of 0.13, through their own macros:
//
//   cmm_mb, cmm_smp_mb, cmm_wmb, cmm_rmb   fences
//   CMM_LOAD_SHARED                        atomic load (consume)
//   CMM_STORE_SHARED                       atomic store, relaxed: its users put a fence in front;
//                                          release with -DURCU_RELEASE_STORES
//   uatomic_*                              atomic read-modify-writes between two full fences,
//                                          as liburcu documents them
//
// Grace periods are compiled code: the ordered... functions announce what they order. The end of a
// read-side critical section happens before the return of a synchronize_rcu() and before a
// callback; queueing a callback happens before it runs, and its end before rcu_barrier() returns.
//
// Include it before any other header of liburcu.
#pragma once

#define _LGPL_SOURCE 1

#include <urcu/arch.h>
#include <urcu/compiler.h>
#include <urcu/config.h>
#include <urcu/system.h>

#undef cmm_mb
#undef cmm_rmb
#undef cmm_wmb
#undef cmm_smp_mb
#undef cmm_smp_rmb
#undef cmm_smp_wmb
#undef cmm_smp_read_barrier_depends
#define cmm_mb() __atomic_thread_fence(__ATOMIC_SEQ_CST)
#define cmm_rmb() __atomic_thread_fence(__ATOMIC_ACQUIRE)
#define cmm_wmb() __atomic_thread_fence(__ATOMIC_RELEASE)
#define cmm_smp_mb() cmm_mb()
#define cmm_smp_rmb() cmm_rmb()
#define cmm_smp_wmb() cmm_wmb()
#define cmm_smp_read_barrier_depends() ((void)0)  // the loads below are consume loads

#ifdef URCU_RELEASE_STORES
#define HINDSIGHT_URCU_STORE_ORDER __ATOMIC_RELEASE
#else
#define HINDSIGHT_URCU_STORE_ORDER __ATOMIC_RELAXED
#endif
#undef _CMM_LOAD_SHARED
#undef CMM_LOAD_SHARED
#undef _CMM_STORE_SHARED
#undef CMM_STORE_SHARED
#define _CMM_LOAD_SHARED(object) __atomic_load_n(&(object), __ATOMIC_CONSUME)
#define CMM_LOAD_SHARED(object) _CMM_LOAD_SHARED(object)
#define _CMM_STORE_SHARED(object, value)                                      \
  __extension__({                                                             \
    __typeof__(object) hindsight_value = (value);                             \
    __atomic_store_n(&(object), hindsight_value, HINDSIGHT_URCU_STORE_ORDER); \
    hindsight_value;                                                          \
  })
#define CMM_STORE_SHARED(object, value) _CMM_STORE_SHARED(object, value)

// Keeps <urcu/uatomic/x86.h>, which is assembly, out; generic.h builds on the three below.
#define _URCU_ARCH_UATOMIC_X86_H
#define UATOMIC_HAS_ATOMIC_BYTE
#define UATOMIC_HAS_ATOMIC_SHORT

#define uatomic_xchg(address, value)                                                       \
  __extension__({                                                                          \
    cmm_mb();                                                                              \
    __typeof__(*(address)) hindsight_old =                                                 \
        __atomic_exchange_n((address), (__typeof__(*(address)))(value), __ATOMIC_SEQ_CST); \
    cmm_mb();                                                                              \
    hindsight_old;                                                                         \
  })
#define uatomic_cmpxchg(address, old, desired)                                                   \
  __extension__({                                                                                \
    __typeof__(*(address)) hindsight_old = (old);                                                \
    cmm_mb();                                                                                    \
    __atomic_compare_exchange_n((address), &hindsight_old, (__typeof__(*(address)))(desired), 0, \
                                __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);                             \
    cmm_mb();                                                                                    \
    hindsight_old;                                                                               \
  })
#define uatomic_add_return(address, value)                        \
  __extension__({                                                 \
    cmm_mb();                                                     \
    __typeof__(*(address)) hindsight_new =                        \
        __atomic_add_fetch((address), (value), __ATOMIC_SEQ_CST); \
    cmm_mb();                                                     \
    hindsight_new;                                                \
  })
#include <urcu/uatomic/generic.h>

// What follows orders calls into compiled code.
#include <hindsight/annotate.h>
#include <urcu/urcu-memb.h>

static char urcu_grace_periods;  // read sides and queued callbacks -> what waits for them
static char urcu_callbacks;      // callbacks -> urcu_memb_barrier()

static inline void orderedReadUnlock(void) {
  hindsight_release(&urcu_grace_periods);
  urcu_memb_read_unlock();
}

static inline void orderedSynchronize(void) {
  urcu_memb_synchronize_rcu();
  hindsight_acquire(&urcu_grace_periods);
}

static inline void orderedCallRcu(struct rcu_head* head, void (*callback)(struct rcu_head*)) {
  hindsight_release(&urcu_grace_periods);
  urcu_memb_call_rcu(head, callback);
}

/// To be called first and last by each callback.
static inline void callbackBegins(void) { hindsight_acquire(&urcu_grace_periods); }
static inline void callbackEnds(void) { hindsight_release(&urcu_callbacks); }

/// Waits for all callbacks queued so far.
static inline void orderedBarrier(void) {
  urcu_memb_barrier();
  hindsight_acquire(&urcu_callbacks);
}
