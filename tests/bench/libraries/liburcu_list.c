// liburcu_list.c - readers walk a list under userspace RCU while a writer replaces its entries, in C.
//
// Headers are inlined and use C11 atomics (../../real/edges/urcu_atomics.h, with release stores:
// the relaxed links of this version are races, docs/real-software.md). The work is a number of
// walks by each reader; the writer replaces an entry for every 64 of them and frees the old ones
// after a grace period. Verified: readers see only whole, live entries.

// clang-format off
#define URCU_RELEASE_STORES
#include "../../real/edges/urcu_atomics.h"  // first: it decides what liburcu's atomics are
// clang-format on
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <urcu/rculist.h>

enum { kEntries = 64, kMostReaders = 256, kMagic = 0x600d, kFreed = 0xdead, kWalksPerUpdate = 64 };

struct entry {
  long key;
  int magic;
  long square;
  struct cds_list_head link;
};

static CDS_LIST_HEAD(entries);
static long walks_done;  // atomic
static long walks_per_reader;

static void require(int holds, const char* what) {
  if (holds) return;
  fprintf(stderr, "wrong result: %s\n", what);
  exit(1);
}

static struct entry* makeEntry(long key) {
  struct entry* made = malloc(sizeof(*made));
  require(made != NULL, "memory");
  made->key = key;
  made->magic = kMagic;
  made->square = key * key;
  return made;
}

static void* readList(void* unused) {
  urcu_memb_register_thread();
  for (long walk = 0; walk < walks_per_reader; ++walk) {
    struct entry* entry;
    int count = 0;
    urcu_memb_read_lock();
    cds_list_for_each_entry_rcu(entry, &entries, link) {
      require(entry->magic == kMagic, "entry alive");
      require(entry->square == entry->key * entry->key, "entry whole");
      ++count;
    }
    orderedReadUnlock();
    require(count == kEntries, "number of entries");
    __atomic_fetch_add(&walks_done, 1, __ATOMIC_RELAXED);
  }
  urcu_memb_unregister_thread();
  return unused;
}

/// Replaces an entry whenever the readers have come far enough, until they are done.
static void updateList(long walks) {
  long updates = 0;
  for (long done; (done = __atomic_load_n(&walks_done, __ATOMIC_RELAXED)) < walks;) {
    if (done / kWalksPerUpdate < updates) {
      sched_yield();
      continue;
    }
    struct entry* oldest = cds_list_entry(entries.prev, struct entry, link);
    struct entry* fresh = makeEntry(kEntries + updates);
    cds_list_replace_rcu(&oldest->link, &fresh->link);
    orderedSynchronize();
    oldest->magic = kFreed;
    free(oldest);
    ++updates;
  }
  require(updates > 0, "entries replaced");
}

int main(int argc, char** argv) {
  const int threads = argc > 1 ? atoi(argv[1]) : 2;
  const long size = argc > 2 ? atol(argv[2]) : 200000;
  const int readers = threads > 1 ? threads - 1 : 1;
  pthread_t ids[kMostReaders];
  require(readers <= kMostReaders && size > 0, "arguments");

  walks_per_reader = size / readers;
  urcu_memb_register_thread();
  for (long i = 0; i < kEntries; ++i) cds_list_add_rcu(&makeEntry(i)->link, &entries);
  for (int i = 0; i < readers; ++i) {
    require(pthread_create(&ids[i], NULL, readList, NULL) == 0, "reader");
  }
  updateList(walks_per_reader * readers);
  for (int i = 0; i < readers; ++i) pthread_join(ids[i], NULL);
  urcu_memb_unregister_thread();

  struct entry* entry;
  struct entry* next;
  cds_list_for_each_entry_safe(entry, next, &entries, link) free(entry);
  puts("liburcu_list ok");
  return 0;
}
