// measure.h - what the scale tests measure, memory and time, and how their threads meet unseen.
#pragma once

#include <linux/futex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/// A line of /proc/self/status in KiB: "VmRSS", "VmHWM".
static inline long memoryKib(const char* what) {
  FILE* status = fopen("/proc/self/status", "r");
  char line[256];
  long kib = -1;
  while (status != NULL && fgets(line, sizeof line, status) != NULL)
    if (strncmp(line, what, strlen(what)) == 0) kib = strtol(line + strlen(what) + 1, NULL, 10);
  if (status != NULL) fclose(status);
  return kib;
}

static inline double secondsNow(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

#define UNSEEN __attribute__((disable_sanitizer_instrumentation, noinline, unused))

/// Counts up to a number that many sleeping threads wait for. Orders nothing for the detector.
struct Meeting {
  int arrived;
  int all_here;  // 0 or 1
};

/// One of `count` threads is here.
UNSEEN static void arrive(struct Meeting* meeting, int count) {
  if (__atomic_add_fetch(&meeting->arrived, 1, __ATOMIC_SEQ_CST) != count) return;
  __atomic_store_n(&meeting->all_here, 1, __ATOMIC_SEQ_CST);
  syscall(SYS_futex, &meeting->all_here, FUTEX_WAKE_PRIVATE, 0x7fffffff, NULL, NULL, 0);
}

/// Returns when all are.
UNSEEN static void awaitAll(struct Meeting* meeting) {
  while (__atomic_load_n(&meeting->all_here, __ATOMIC_SEQ_CST) == 0)
    syscall(SYS_futex, &meeting->all_here, FUTEX_WAIT_PRIVATE, 0, NULL, NULL, 0);
}

/// Makes the compiler believe that the variables' values are needed.
#define KEEP(variable) __asm__ volatile("" : : "r"(&(variable)) : "memory")
