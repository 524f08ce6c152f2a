// compat_report_hooks.cpp - a program that asks about its reports: every getter of tsan_interface.h
// inside __tsan_on_report, and the hooks around the program's run. Each condition that does not hold
// prints a line.
// EXPECT: races=1
// EXPECT: exit=66
// EXPECT: contains "initialized before main"
// EXPECT: contains "told of 1 report"
// EXPECT: not-contains "does not hold"
// EXPECT: contains "finalized with 1"
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "schedule.h"

extern "C" {
int __tsan_get_report_data(void*, const char**, int*, int*, int*, int*, int*, int*, int*, void**,
                           unsigned long);
int __tsan_get_report_mop(void*, unsigned long, int*, void**, int*, int*, int*, void**, unsigned long);
int __tsan_get_report_loc(void*, unsigned long, const char**, void**, void**, unsigned long*, int*,
                          int*, int*, void**, unsigned long);
int __tsan_get_report_mutex(void*, unsigned long, uint64_t*, void**, int*, void**, unsigned long);
int __tsan_get_report_thread(void*, unsigned long, int*, uint64_t*, int*, const char**, int*, void**,
                             unsigned long);
int __tsan_get_report_unique_tid(void*, unsigned long, int*);
int __tsan_get_report_stack(void*, unsigned long, void**, unsigned long);
int __tsan_get_alloc_stack(void*, void**, size_t, int*, uint64_t*);
const char* __tsan_locate_address(void*, char*, size_t, void**, size_t*);
void* __tsan_get_current_report();
void __sanitizer_symbolize_pc(void*, const char*, char*, size_t);
}

#define HOLDS(condition) \
  if (!(condition)) fprintf(stderr, "%d: %s does not hold\n", __LINE__, #condition)

StepCounter turn;
int* block;
int told = 0, initialized = 0;
pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

extern "C" void __tsan_on_initialize() { initialized = 1; }
extern "C" int __tsan_on_finalize(int failed) {
  fprintf(stderr, "finalized with %d\n", failed);
  return failed;
}

bool isIn(void* const* trace, const char* function) {
  char name[256];
  for (int i = 0; i < 16 && trace[i] != nullptr; ++i) {
    __sanitizer_symbolize_pc(trace[i], "%f", name, sizeof(name));
    for (const char* frame = name; *frame != 0; frame += strlen(frame) + 1)
      if (strstr(frame, function) != nullptr) return true;
  }
  return false;
}

extern "C" void __tsan_on_report(void* report) {
  ++told;
  HOLDS(report == __tsan_get_current_report());
  const char* description = nullptr;
  int count, stacks, mops, locs, mutexes, threads, tids;
  void* trace[16];
  HOLDS(__tsan_get_report_data(report, &description, &count, &stacks, &mops, &locs, &mutexes, &threads,
                               &tids, trace, 16));
  HOLDS(strcmp(description, "data-race") == 0);
  HOLDS(count == 1 && stacks == 0 && mops == 2 && locs == 1 && mutexes == 1 && threads == 2 && tids == 2);
  int tid, size, write, atomic;
  void* address;
  HOLDS(__tsan_get_report_mop(report, 0, &tid, &address, &size, &write, &atomic, trace, 16));
  HOLDS(tid == 0 && address == block && size == 4 && write == 1 && atomic == 0);
  HOLDS(isIn(trace, "touchFirst"));
  HOLDS(__tsan_get_report_mop(report, 1, &tid, &address, &size, &write, &atomic, trace, 16));
  HOLDS(tid == 1 && address == block && size == 4 && write == 0 && atomic == 1);
  HOLDS(isIn(trace, "readSecond"));
  HOLDS(!__tsan_get_report_mop(report, 2, &tid, &address, &size, &write, &atomic, trace, 16));
  const char* type = nullptr;
  void* start;
  unsigned long bytes;
  int fd, suppressable;
  HOLDS(__tsan_get_report_loc(report, 0, &type, &address, &start, &bytes, &tid, &fd, &suppressable,
                              trace, 16));
  HOLDS(strcmp(type, "heap") == 0 && start == block && bytes == 40 && tid == 0);
  HOLDS(isIn(trace, "allocate"));
  uint64_t id;
  int destroyed;
  HOLDS(__tsan_get_report_mutex(report, 0, &id, &address, &destroyed, trace, 16));
  HOLDS(address == &mutex && destroyed == 0 && trace[0] != nullptr);
  HOLDS(!__tsan_get_report_mutex(report, 1, &id, &address, &destroyed, trace, 16));
  int running, parent;
  const char* name = nullptr;
  HOLDS(__tsan_get_report_thread(report, 1, &tid, &id, &running, &name, &parent, trace, 16));
  HOLDS(tid == 1 && id != 0 && parent == 0 && strcmp(name, "reader") == 0);
  HOLDS(isIn(trace, "main"));
  HOLDS(__tsan_get_report_unique_tid(report, 1, &tid) && tid == 1);
  HOLDS(!__tsan_get_report_stack(report, 0, trace, 16));
}

__attribute__((noinline)) static int* allocate() { return static_cast<int*>(malloc(40)); }
__attribute__((noinline)) static void touchFirst() {
  *block = 1;
  USE_VALUE(block);
}
__attribute__((noinline)) static int readSecond() { return __atomic_load_n(block, __ATOMIC_RELAXED); }

void* reader(void*) {
  pthread_setname_np(pthread_self(), "reader");
  USE_VALUE(readSecond());
  stepCounterAdvance(&turn);
  return nullptr;
}

int main() {
  if (initialized) fprintf(stderr, "initialized before main\n");
  block = allocate();
  pthread_t thread;
  pthread_create(&thread, nullptr, reader, nullptr);
  stepCounterWait(&turn, 1);
  pthread_mutex_lock(&mutex);
  touchFirst();
  pthread_mutex_unlock(&mutex);
  pthread_join(thread, nullptr);
  void *trace[16], *start;
  char name[64];
  size_t bytes;
  uint64_t os_id;
  int tid;
  HOLDS(__tsan_get_alloc_stack(block + 1, trace, 16, &tid, &os_id) > 0 && tid == 0);
  HOLDS(strcmp(__tsan_locate_address(block + 1, name, sizeof(name), &start, &bytes), "heap") == 0);
  HOLDS(start == block && bytes == 40);
  HOLDS(strcmp(__tsan_locate_address(&told, name, sizeof(name), &start, &bytes), "global") == 0);
  HOLDS(strcmp(name, "told") == 0 && start == &told && bytes == sizeof(told));
  HOLDS(__tsan_get_current_report() == nullptr);
  fprintf(stderr, "told of %d report\n", told);
  free(block);
  return 0;
}
