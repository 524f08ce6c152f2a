// concurrency_kit.c - Concurrency Kit's rings, queue, stack, locks and sequence, in C.
//
// Producers hand jobs to consumers through a ring of one producer and one consumer, a ring of many of each, a queue and
// a stack; each job is a block that the producer fills and the consumer checks and frees. The locks guard one
// counter each, plain; readers of the read-write lock and of the sequence see pairs that belong together.
// Everything is header code and uses C11 atomics (edges/ck_atomics.h), or with -DCK_ASSEMBLY the library's own, which
// are inline assembly on x86.
//
// One report is expected of the ring of many consumers. With pointers loaded and stored relaxed
// (-DCK_RELAXED_POINTERS) there are two more (docs/real-software.md).
//
// Verified: sums of what was produced and consumed, counts of the locks, and pairs.

// clang-format off
#ifdef CK_ASSEMBLY
#include <ck_pr.h>  // as the library has them
#else
#include "edges/ck_atomics.h"  // first: it decides what the atomics are
#endif
// clang-format on
#include <ck_fifo.h>
#include <ck_ring.h>
#include <ck_rwlock.h>
#include <ck_sequence.h>
#include <ck_spinlock.h>
#include <ck_stack.h>
#include <pthread.h>
#include <sched.h>

#include "check.h"

enum { kThreads = 3, kJobs = 2000, kRing = 256, kRounds = 300 };

struct Job {
  ck_stack_entry_t entry;
  long number;
};

static ck_ring_t pair_ring, many_ring;
static ck_ring_buffer_t pair_buffer[kRing], many_buffer[kRing];
static ck_fifo_spsc_t queue;
static ck_stack_t stack = CK_STACK_INITIALIZER;
static long consumed[4];

static struct Job* newJob(long number) {
  struct Job* job = calloc(1, sizeof *job);
  job->number = number;
  return job;
}

static void finish(int way, struct Job* job) {
  __atomic_fetch_add(&consumed[way], job->number, __ATOMIC_RELAXED);
  free(job);
}

static void* producePair(void* unused) {
  for (long i = 1; i <= kJobs; ++i) {
    struct Job* job = newJob(i);
    while (!ck_ring_enqueue_spsc(&pair_ring, pair_buffer, job)) sched_yield();
  }
  return unused;
}

static void* consumePair(void* unused) {
  for (long i = 1; i <= kJobs; ++i) {
    void* job;
    while (!ck_ring_dequeue_spsc(&pair_ring, pair_buffer, &job)) sched_yield();
    finish(0, job);
  }
  return unused;
}

static void* produceMany(void* unused) {
  for (long i = 1; i <= kJobs; ++i) {
    struct Job* job = newJob(i);
    while (!ck_ring_enqueue_mpmc(&many_ring, many_buffer, job)) sched_yield();
  }
  return unused;
}

static void* consumeMany(void* unused) {
  for (long i = 1; i <= kJobs; ++i) {
    void* job;
    while (!ck_ring_dequeue_mpmc(&many_ring, many_buffer, &job)) sched_yield();
    finish(1, job);
  }
  return unused;
}

static void* produceQueue(void* unused) {
  for (long i = 1; i <= kJobs; ++i) {
    ck_fifo_spsc_entry_t* entry = ck_fifo_spsc_recycle(&queue);
    if (entry == NULL) entry = malloc(sizeof *entry);
    ck_fifo_spsc_enqueue(&queue, entry, newJob(i));
  }
  return unused;
}

static void* consumeQueue(void* unused) {
  for (long i = 1; i <= kJobs; ++i) {
    void* job;
    while (!ck_fifo_spsc_dequeue(&queue, &job)) sched_yield();
    finish(2, job);
  }
  return unused;
}

static void* pushJobs(void* unused) {
  for (long i = 1; i <= kJobs; ++i) ck_stack_push_upmc(&stack, &newJob(i)->entry);
  return unused;
}

static void* popJobs(void* unused) {
  for (long left = (long)kThreads * kJobs; left > 0;) {
    ck_stack_entry_t* entry = ck_stack_batch_pop_upmc(&stack);
    if (entry == NULL) sched_yield();
    while (entry != NULL) {
      struct Job* job = (struct Job*)entry;  // its first member
      entry = entry->next;
      finish(3, job);
      --left;
    }
  }
  return unused;
}

static ck_spinlock_fas_t fas = CK_SPINLOCK_FAS_INITIALIZER;
static ck_spinlock_ticket_t ticket = CK_SPINLOCK_TICKET_INITIALIZER;
static ck_spinlock_mcs_t mcs = NULL;
static ck_spinlock_cas_t cas = CK_SPINLOCK_CAS_INITIALIZER;
static ck_rwlock_t rwlock = CK_RWLOCK_INITIALIZER;
static ck_sequence_t sequence = CK_SEQUENCE_INITIALIZER;
static long by_fas, by_ticket, by_mcs, by_cas, left_half, right_half;
static unsigned int low, high;

static void* useLocks(void* unused) {
  for (int i = 0; i < kRounds; ++i) {
    ck_spinlock_fas_lock(&fas);
    ++by_fas;
    ck_spinlock_fas_unlock(&fas);
    ck_spinlock_ticket_lock(&ticket);
    ++by_ticket;
    ck_spinlock_ticket_unlock(&ticket);
    struct ck_spinlock_mcs own;
    ck_spinlock_mcs_lock(&mcs, &own);
    ++by_mcs;
    ck_spinlock_mcs_unlock(&mcs, &own);
    ck_spinlock_cas_lock(&cas);
    ++by_cas;
    // The sequence has one writer at a time; its data is read while it changes.
    ck_sequence_write_begin(&sequence);
    ck_pr_store_uint(&low, low + 1);
    ck_pr_store_uint(&high, high + 1);
    ck_sequence_write_end(&sequence);
    ck_spinlock_cas_unlock(&cas);
    ck_rwlock_write_lock(&rwlock);
    ++left_half;
    ++right_half;
    ck_rwlock_write_unlock(&rwlock);
    ck_rwlock_read_lock(&rwlock);
    require(left_half == right_half, "a reader sees both halves");
    ck_rwlock_read_unlock(&rwlock);
    unsigned int version, seen_low, seen_high;
    do {
      version = ck_sequence_read_begin(&sequence);
      seen_low = ck_pr_load_uint(&low);
      seen_high = ck_pr_load_uint(&high);
    } while (ck_sequence_read_retry(&sequence, version));
    require(seen_low == seen_high, "a sequence's reader sees both values");
  }
  return unused;
}

int main(void) {
  ck_ring_init(&pair_ring, kRing);
  ck_ring_init(&many_ring, kRing);
  ck_fifo_spsc_init(&queue, malloc(sizeof(ck_fifo_spsc_entry_t)));
  void* (*const bodies[])(void*) = {producePair, consumePair, produceMany, produceMany, produceMany,
                                    consumeMany, consumeMany, consumeMany, produceQueue, consumeQueue,
                                    pushJobs,    pushJobs,    pushJobs,    popJobs,     useLocks,
                                    useLocks,    useLocks};
  enum { kBodies = sizeof bodies / sizeof *bodies };
  pthread_t threads[kBodies];
  for (int i = 0; i < kBodies; ++i) pthread_create(&threads[i], NULL, bodies[i], NULL);
  for (int i = 0; i < kBodies; ++i) pthread_join(threads[i], NULL);
  const long once = (long)kJobs * (kJobs + 1) / 2;
  require(consumed[0] == once && consumed[2] == once, "every job came out of its ring and queue");
  require(consumed[1] == kThreads * once && consumed[3] == kThreads * once, "and of what many share");
  const long rounds = (long)kThreads * kRounds;
  require(by_fas == rounds && by_ticket == rounds && by_mcs == rounds && by_cas == rounds, "the locks exclude");
  require(left_half == rounds && (long)high == rounds, "and so do the writers");
  printf("%ld jobs, %ld rounds\n", consumed[0] + consumed[1], rounds);
  return 0;
}
