// sync_std_jthread.cpp - std::jthread and its stop token: request_stop happens before the
// stop_requested that sees it, and before the callbacks.
// Clean: the reason is written before the request.
// libc++ 19 keeps std::jthread behind -fexperimental-library:
// REQUIRES: libstdc++
#include <stop_token>
#include <thread>

#include "schedule.h"

int reason, seen;

int main() {
  {
    std::jthread thread([](std::stop_token stop) {
      std::stop_callback callback(stop, [] { stepAdvance(); });
      stepAdvance();
      while (!stop.stop_requested()) sched_yield();
      stepWait(3);
      seen = reason;
    });
    stepWait(1);
    reason = 1;
    thread.request_stop();
    stepAdvance();
  }
  return seen == 1 ? 0 : 1;
}
