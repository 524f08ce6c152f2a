// compat_fiber.cpp - fibers that hand work to each other, in one thread and from thread to thread: what
// was done before a switch happens before what the next fiber does. Many fibers one after the other.
// The racy twin switches without order.
#include <pthread.h>
#include <unistd.h>

#include "fibers.h"
#include "schedule.h"

#ifdef RACY
constexpr unsigned kOrder = kNoSync;
constexpr int kRounds = 2, kFibers = 2;
#else
constexpr unsigned kOrder = kSync;
constexpr int kRounds = 1000, kFibers = 20000;  // more than there are timelines
#endif

Context here, fiber, traveller, second_thread;
int ping_pong, before_creation, travelled;
StepCounter turn;

__attribute__((noinline)) static void inFiber() { ++ping_pong; }
static void body() {
  for (;;) {
    USE_VALUE(before_creation);  // ordered by the creation
    inFiber();
    switchTo(fiber, here, kOrder);
  }
}

// Begins in the main thread and goes on in another one, which has waited outside of all order.
static void travel() {
  travelled = 1;
  switchTo(traveller, here, kOrder);
  travelled = 2;
  switchTo(traveller, second_thread, kOrder);
}

static void shortLived() { switchTo(fiber, here, kOrder); }

void* other(void*) {
  beThread(second_thread);
  stepCounterWait(&turn, 1);
  switchTo(second_thread, traveller, kOrder);
#ifdef RACY
  travelled = 3;  // not ordered after the fiber's last action, which this very thread ran
#else
  USE_VALUE(travelled);
#endif
  return nullptr;
}

int main() {
  beThread(here);
  before_creation = 1;
  makeFiber(traveller, travel, "traveller");
  pthread_t thread;
  pthread_create(&thread, nullptr, other, nullptr);
  makeFiber(fiber, body, "ping");
  for (int i = 0; i < kRounds; ++i) {
    switchTo(here, fiber, kOrder);
    ++ping_pong;
  }
  freeFiber(fiber);
  switchTo(here, traveller, kOrder);
  stepCounterAdvance(&turn);
  pthread_join(thread, nullptr);
  freeFiber(traveller);
  for (int i = 0; i < kFibers; ++i) {
    makeFiber(fiber, shortLived, "short");
    switchTo(here, fiber, kSync);
    freeFiber(fiber);
  }
  return ping_pong == 2 * kRounds && travelled >= 2 ? 0 : 1;
}
