// A timer's function runs in a thread that the C library makes for itself, which the detector has
// never heard of: its calls and accesses do no harm.
// LIBS: -lrt
#include <signal.h>
#include <time.h>

#include "threads.h"

static int depth_reached;

__attribute__((noinline)) static int descend(int depth) {
  const int below = depth == 0 ? 0 : descend(depth - 1);
  USE_VALUE(below);
  return below + 1;
}

static void onTimer(sigval) {
  depth_reached = descend(1000);
  stepAdvance();
}

int main() {
  sigevent event{};
  event.sigev_notify = SIGEV_THREAD;
  event.sigev_notify_function = onTimer;
  timer_t timer;
  if (timer_create(CLOCK_MONOTONIC, &event, &timer) != 0) return 1;
  const itimerspec once{{0, 0}, {0, 1}};
  timer_settime(timer, 0, &once, nullptr);
  stepWait(1);
  return depth_reached == 1001 ? 0 : 1;
}
