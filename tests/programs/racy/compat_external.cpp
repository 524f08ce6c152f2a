// compat_external.cpp - a library that describes accesses to its objects: two writers race, and the
// report names the object's type and the library's caller. Readers beside each other do not.
// EXPECT: races=1
// EXPECT: contains "The program calls this memory 'MyArray'"
// EXPECT: contains "callerOne"
// EXPECT: contains "callerTwo"
#include <pthread.h>
#include <stdlib.h>

#include "schedule.h"

extern "C" {
void* __tsan_external_register_tag(const char*);
void __tsan_external_register_header(void*, const char*);
void __tsan_external_assign_tag(void*, void*);
void __tsan_external_read(void*, void*, void*);
void __tsan_external_write(void*, void*, void*);
}

StepCounter turn;
void* tag;
char* array;
char* read_only;

// The library: not instrumented but by these calls.
HINDSIGHT_TEST_UNINSTRUMENTED static void append() {
  __tsan_external_write(array, __builtin_return_address(0), tag);
  __asm__ volatile("");
}
HINDSIGHT_TEST_UNINSTRUMENTED static void count() {
  __tsan_external_read(read_only, __builtin_return_address(0), tag);
  __asm__ volatile("");
}

__attribute__((noinline)) static void callerOne() {
  append();
  count();
  __asm__ volatile("");
}
__attribute__((noinline)) static void callerTwo() {
  append();
  count();
  __asm__ volatile("");
}

void* other(void*) {
  callerOne();
  stepCounterAdvance(&turn);
  return nullptr;
}

int main() {
  tag = __tsan_external_register_tag("MyArray");
  __tsan_external_register_header(tag, "race on MyArray");
  array = static_cast<char*>(malloc(16));
  read_only = static_cast<char*>(malloc(16));
  __tsan_external_assign_tag(array, tag);
  pthread_t thread;
  pthread_create(&thread, nullptr, other, nullptr);
  stepCounterWait(&turn, 1);
  callerTwo();
  pthread_join(thread, nullptr);
  return 0;
}
