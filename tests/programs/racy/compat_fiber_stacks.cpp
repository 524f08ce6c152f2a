// compat_fiber_stacks.cpp - two fibers take turns in one thread, deep in calls of their own, and race
// with another thread: the older stack is that of the fiber, whole and with nothing of the other's. A
// thread that ends in a fiber is joined with what the fiber did.
// EXPECT: races=2
// EXPECT: matches "by thread [0-9]+ 'first'"
// EXPECT: matches "by thread [0-9]+ 'second'"
// EXPECT: matches "^  firstOuter"
// EXPECT: matches "^  secondOuter"
// EXPECT: not-contains "Global 'joined'"
#include <pthread.h>

#include "fibers.h"
#include "schedule.h"

Context first, second, here;
int from_first, from_second, joined;
StepCounter turn;

__attribute__((noinline)) static void firstInner() {
  for (int i = 0; i < 100; ++i) switchTo(first, second);
  ++from_first;
  switchTo(first, second);
}
__attribute__((noinline)) static void secondInner() {
  for (int i = 0; i < 100; ++i) switchTo(second, first);
  ++from_second;
  stepCounterAdvance(&turn);
  switchTo(second, first);
}
__attribute__((noinline)) static void firstOuter() {
  firstInner();
  __asm__ volatile("");
}
__attribute__((noinline)) static void secondOuter() {
  secondInner();
  __asm__ volatile("");
}
static void firstBody() {
  firstOuter();
  joined = 1;
  pthread_exit(nullptr);
}
static void secondBody() {
  secondOuter();
  abort();
}

void* carrier(void*) {
  beThread(here);
  makeFiber(first, firstBody, "first");
  makeFiber(second, secondBody, "second");
  switchTo(here, first);
  return nullptr;
}

__attribute__((noinline)) static void touchBoth() {
  ++from_first;
  ++from_second;
}

int main() {
  pthread_t thread;
  pthread_create(&thread, nullptr, carrier, nullptr);
  stepCounterWait(&turn, 1);
  touchBoth();
  pthread_join(thread, nullptr);
  ++joined;
  return 0;
}
