// A report waits for room in a pipe whose only reader is the program itself: before it reads, that thread begins and joins another,
// names itself and sends signals; the reporting thread must hold nothing that these need.
// EXPECT: races=2
// EXPECT: exit=66
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "schedule.h"

static int first, second, step = 1;

__attribute__((noinline)) static void writeBelowManyCalls(int depth) {
  if (depth == 0) {
    first = 1;
    second = 1;
  } else {
    writeBelowManyCalls(depth - 1);
  }
  USE_VALUE(depth);
}

static void* races(void* unused) {
  stepWait(step);
  writeBelowManyCalls(60);
  return unused;
}

static void* returns(void* unused) { return unused; }

/// The pipe has room for one of the two reports.
static void waitUntilFull(int pipe_end) {
  const timespec a_while = {0, 2'000'000};
  for (int same = 0, before = 0, bytes = 0; same < 100; before = bytes) {
    if (ioctl(pipe_end, FIONREAD, &bytes) != 0) abort();
    same = bytes > 0 && bytes == before ? same + 1 : 0;
    nanosleep(&a_while, nullptr);
  }
}

int main() {
  int ends[2];
  const int own_stderr = dup(2);
  if (pipe2(ends, O_CLOEXEC) != 0 || fcntl(ends[0], F_SETFL, O_NONBLOCK) != 0) abort();
  if (fcntl(ends[1], F_SETPIPE_SZ, 4096) < 0) abort();
  dup2(ends[1], 2);
  pthread_t thread, other;
  pthread_create(&thread, nullptr, races, nullptr);
  first = 2;
  second = 2;
  stepAdvance();
  waitUntilFull(ends[0]);
  alarm(20);
  pthread_create(&other, nullptr, returns, nullptr);
  pthread_kill(other, 0);
  pthread_join(other, nullptr);
  pthread_setname_np(pthread_self(), "reader");
  char bytes[512];
  bool is_joined = false;
  for (ssize_t count = 0; !is_joined || count > 0;) {
    is_joined = is_joined || pthread_tryjoin_np(thread, nullptr) == 0;
    count = read(ends[0], bytes, sizeof bytes);
    if (count > 0 && write(own_stderr, bytes, static_cast<size_t>(count)) != count) abort();
    if (count <= 0) sched_yield();
  }
  dup2(own_stderr, 2);
  USE_VALUE(first + second);
}
