// liburcu.c - userspace RCU: a list under RCU, a wait-free queue and a lock-free stack, in C.
//
// One writer replaces and removes nodes of an RCU list while readers walk it; freed nodes wait for
// a grace period, in turn by synchronize_rcu() and by call_rcu(), whose callbacks run on a thread
// of the compiled library. Producers feed a wfcqueue and an lfstack, one consumer empties them.
// The headers are inlined (_LGPL_SOURCE) and use C11 atomics (edges/urcu_atomics.h).
//
// With -DURCU_RELEASE_STORES it must be silent. Without, the wait-free queue stores its links with
// relaxed order after a fence, which orders everything before the fence but not the link itself:
// reports of that store against plain writes of links and against free() are true by ISO C11.
//
// Verified: readers see only whole, live nodes; sums of what was queued and what was taken.

// clang-format off
#include "edges/urcu_atomics.h"  // first: it decides what liburcu's atomics are
// clang-format on
#include <pthread.h>
#include <stdint.h>
#include <string.h>
#include <urcu/lfstack.h>
#include <urcu/rculist.h>
#include <urcu/wfcqueue.h>

#include "check.h"

enum {
  kReaders = 3,
  kNodes = 16,
  kUpdates = 300,
  kProducers = 3,
  kJobs = 8000,  // per producer
  kMagic = 0x600d,
  kFreed = 0xdead
};

struct entry {
  int key;
  int magic;
  int square;
  struct cds_list_head link;
  struct rcu_head reclaim;
};

static CDS_LIST_HEAD(entries);
static int stop_readers;
static unsigned long freed;  // written by call_rcu's one thread, read after rcu_barrier()

static struct entry* makeEntry(int key) {
  struct entry* made = malloc(sizeof(*made));
  require(made != NULL, "memory");
  made->key = key;
  made->magic = kMagic;
  made->square = key * key;
  return made;
}

static void freeEntry(struct entry* dead) {
  dead->magic = kFreed;
  free(dead);
}

static void reclaimEntry(struct rcu_head* head) {
  callbackBegins();
  freeEntry(caa_container_of(head, struct entry, reclaim));
  ++freed;
  callbackEnds();
}

static void* readList(void* walks_out) {
  long walks = 0;
  urcu_memb_register_thread();
  while (!CMM_LOAD_SHARED(stop_readers)) {
    struct entry* entry;
    int count = 0;
    urcu_memb_read_lock();
    cds_list_for_each_entry_rcu(entry, &entries, link) {
      require(entry->magic == kMagic, "entry alive");
      require(entry->square == entry->key * entry->key, "entry whole");
      ++count;
    }
    orderedReadUnlock();
    require(count > 0, "list never empty");
    ++walks;
  }
  urcu_memb_unregister_thread();
  *(long*)walks_out = walks;
  return NULL;
}

static void updateList(void) {
  for (int i = 0; i < kUpdates; ++i) {
    struct entry* oldest = cds_list_entry(entries.prev, struct entry, link);
    struct entry* fresh = makeEntry(kNodes + i);
    if (i % 3 == 0) {
      cds_list_replace_rcu(&oldest->link, &fresh->link);
    } else {
      cds_list_add_rcu(&fresh->link, &entries);
      cds_list_del_rcu(&oldest->link);
    }
    if (i % 4 == 0) {
      orderedSynchronize();
      freeEntry(oldest);
    } else {
      orderedCallRcu(&oldest->reclaim, reclaimEntry);
    }
  }
}

static void runList(void) {
  pthread_t readers[kReaders];
  long walks[kReaders];
  for (int i = 0; i < kNodes; ++i) cds_list_add_rcu(&makeEntry(i)->link, &entries);
  for (int i = 0; i < kReaders; ++i) {
    require(pthread_create(&readers[i], NULL, readList, &walks[i]) == 0, "reader");
  }
  updateList();
  CMM_STORE_SHARED(stop_readers, 1);
  for (int i = 0; i < kReaders; ++i) pthread_join(readers[i], NULL);
  orderedBarrier();
  require(freed == kUpdates - (kUpdates + 3) / 4, "callbacks ran");
  struct entry* entry;
  struct entry* next;
  cds_list_for_each_entry_safe(entry, next, &entries, link) free(entry);
}

struct job {
  uint64_t number;
  struct cds_wfcq_node queued;
  struct cds_lfs_node stacked;
};

static struct cds_wfcq_head queue_head;
static struct cds_wfcq_tail queue_tail;
static struct cds_lfs_stack stack;

static void* produceJobs(void* unused) {
  for (uint64_t i = 0; i < kJobs; ++i) {
    struct job* job = malloc(sizeof(*job));
    require(job != NULL, "memory");
    job->number = i;
    if (i % 2 == 0) {
      cds_wfcq_node_init(&job->queued);
      cds_wfcq_enqueue(&queue_head, &queue_tail, &job->queued);
    } else {
      cds_lfs_node_init(&job->stacked);
      cds_lfs_push(&stack, &job->stacked);
    }
  }
  return unused;
}

static uint64_t take(struct job* job, int* left) {
  const uint64_t number = job->number;
  free(job);
  --*left;
  return number;
}

// A popped node may still be read by a concurrent pop, so all pops are under the stack's mutex.
static void* consumeJobs(void* sum_out) {
  uint64_t sum = 0;
  int left = kProducers * kJobs;
  while (left > 0) {
    struct cds_wfcq_node* queued = cds_wfcq_dequeue_blocking(&queue_head, &queue_tail);
    if (queued != NULL) sum += take(caa_container_of(queued, struct job, queued), &left);
    struct cds_lfs_node* stacked = cds_lfs_pop_blocking(&stack);
    if (stacked != NULL) sum += take(caa_container_of(stacked, struct job, stacked), &left);
    if (left % 64 == 0) {
      struct cds_lfs_head* all = cds_lfs_pop_all_blocking(&stack);
      struct cds_lfs_node* node;
      struct cds_lfs_node* next;
      if (all == NULL) continue;
      cds_lfs_for_each_safe(all, node, next) {
        sum += take(caa_container_of(node, struct job, stacked), &left);
      }
    }
  }
  *(uint64_t*)sum_out = sum;
  return NULL;
}

static void runQueues(void) {
  pthread_t producers[kProducers];
  pthread_t consumer;
  uint64_t sum = 0;
  cds_wfcq_init(&queue_head, &queue_tail);
  cds_lfs_init(&stack);
  for (int i = 0; i < kProducers; ++i) {
    require(pthread_create(&producers[i], NULL, produceJobs, NULL) == 0, "producer");
  }
  require(pthread_create(&consumer, NULL, consumeJobs, &sum) == 0, "consumer");
  for (int i = 0; i < kProducers; ++i) pthread_join(producers[i], NULL);
  pthread_join(consumer, NULL);
  require(sum == (uint64_t)kProducers * kJobs * (kJobs - 1) / 2, "each job once");
  cds_wfcq_destroy(&queue_head, &queue_tail);
  cds_lfs_destroy(&stack);
}

int main(void) {
  urcu_memb_register_thread();
  runList();
  runQueues();
  urcu_memb_unregister_thread();
  puts("liburcu: ok");
  return 0;
}
