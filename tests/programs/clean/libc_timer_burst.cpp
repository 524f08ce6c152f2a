// Notices of one timer that goes off faster than they begin: each is a thread of its own that the
// runtime knows, and passes what main wrote on to main under mutexes.
// EXPECT: not-contains "unknown"
// TSan (Clang 19): crashes in the function.
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <time.h>

#include "schedule.h"

extern "C" void* __tsan_get_current_fiber() __attribute__((weak));

namespace {

constexpr int kNotices = 200;
int items[kNotices];
int given = 0, passed = 0, returned = 0;
pthread_mutex_t to_notice = PTHREAD_MUTEX_INITIALIZER, from_notice = PTHREAD_MUTEX_INITIALIZER;

void onTimer(sigval) {
  if (__tsan_get_current_fiber != nullptr && __tsan_get_current_fiber() == nullptr)
    fputs("unknown thread\n", stderr);
  pthread_mutex_lock(&to_notice);
  const int taken = passed < given ? passed++ : -1;
  pthread_mutex_unlock(&to_notice);
  if (taken < 0) return;
  pthread_mutex_lock(&from_notice);
  items[taken] += 1;
  ++returned;
  pthread_mutex_unlock(&from_notice);
  stepAdvance();
}

}  // namespace

int main() {
  sigevent event{};
  event.sigev_notify = SIGEV_THREAD;
  event.sigev_notify_function = onTimer;
  timer_t timer;
  timer_create(CLOCK_MONOTONIC, &event, &timer);
  const itimerspec often{{0, 100'000}, {0, 100'000}};
  timer_settime(timer, 0, &often, nullptr);
  for (int& item : items) {
    pthread_mutex_lock(&to_notice);
    item = 1;
    ++given;
    pthread_mutex_unlock(&to_notice);
  }
  stepWait(kNotices);
  pthread_mutex_lock(&from_notice);
  int sum = 0;
  for (const int item : items) sum += item;
  pthread_mutex_unlock(&from_notice);
  timer_delete(timer);
  return sum == 2 * kNotices ? 0 : 1;
}
