// A timer calls a function in a thread that the C library makes, which posts a semaphore.
// TSan (Clang 19): crashes in the function.
#include <semaphore.h>
#include <signal.h>
#include <time.h>

#include "schedule.h"

int ticks, set_up;
sem_t done;

void onTimer(sigval value) {
  ticks += set_up + value.sival_int;
  stepAdvance();
  sem_post(&done);
}

int main() {
  sem_init(&done, 0, 0);
  sigevent event{};
  event.sigev_notify = SIGEV_THREAD;
  event.sigev_notify_function = onTimer;
  event.sigev_value.sival_int = 1;
  timer_t timer;
  timer_create(CLOCK_MONOTONIC, &event, &timer);
  set_up = 1;  // before the timer is set: the function may read it
  const itimerspec soon{{0, 0}, {0, 1000000}};
  timer_settime(timer, 0, &soon, nullptr);
  stepWait(1);
  sem_wait(&done);
  ticks = 0;
  timer_delete(timer);
}
