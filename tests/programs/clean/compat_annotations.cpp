// compat_annotations.cpp - the dynamic annotations say what orders two threads, or that a race is
// meant: each group once. The racy twin leaves each of them out.
#include <pthread.h>
#include <stdlib.h>

#include "schedule.h"

extern "C" {
void AnnotateHappensBefore(const char*, int, const volatile void*);
void AnnotateHappensAfter(const char*, int, const volatile void*);
void WTFAnnotateHappensBefore(const char*, int, const volatile void*);
void WTFAnnotateHappensAfter(const char*, int, const volatile void*);
void __tsan_acquire(void*);
void __tsan_release(void*);
void AnnotateRWLockCreate(const char*, int, const volatile void*);
void AnnotateRWLockDestroy(const char*, int, const volatile void*);
void AnnotateRWLockAcquired(const char*, int, const volatile void*, long);
void AnnotateRWLockReleased(const char*, int, const volatile void*, long);
void AnnotateBenignRace(const char*, int, const volatile void*, const char*);
void AnnotateBenignRaceSized(const char*, int, const volatile void*, size_t, const char*);
void AnnotateIgnoreReadsBegin(const char*, int);
void AnnotateIgnoreReadsEnd(const char*, int);
void AnnotateIgnoreWritesBegin(const char*, int);
void AnnotateIgnoreWritesEnd(const char*, int);
void AnnotateNewMemory(const char*, int, const volatile void*, size_t);
void AnnotateThreadName(const char*, int, const char*);
int RunningOnValgrind();
}
#ifdef RACY
#define NOTE(...)
#else
#define NOTE(...) __VA_ARGS__
#endif
#define HERE __FILE__, __LINE__

StepCounter turn;
int happens, wtf, tsan, locked, benign, ignored;
struct { int a, b; } pair;
int* recycled;
char object[4], lock[8];

void* other(void*) {
  NOTE(AnnotateThreadName(HERE, "other"));
  happens = 1;
  NOTE(AnnotateHappensBefore(HERE, object));
  wtf = 1;
  NOTE(WTFAnnotateHappensBefore(HERE, object + 1));
  tsan = 1;
  NOTE(__tsan_release(object + 2));
  NOTE(AnnotateRWLockAcquired(HERE, lock, 1));
  locked = 1;
  NOTE(AnnotateRWLockReleased(HERE, lock, 1));
  benign = 1;
  pair = {1, 1};
  NOTE(AnnotateIgnoreWritesBegin(HERE));
  ignored = 1;
  NOTE(AnnotateIgnoreWritesEnd(HERE));
  *recycled = 1;
  stepCounterAdvance(&turn);
  return nullptr;
}

int main() {
  recycled = static_cast<int*>(malloc(sizeof(int)));
  NOTE(AnnotateRWLockCreate(HERE, lock));
  NOTE(AnnotateBenignRace(HERE, &benign, "meant"));
  NOTE(AnnotateBenignRaceSized(HERE, &pair, sizeof(pair), "meant"));
  pthread_t thread;
  pthread_create(&thread, nullptr, other, nullptr);
  stepCounterWait(&turn, 1);
  ++benign;  // before anything orders the threads
  ++pair.b;
  NOTE(AnnotateIgnoreReadsBegin(HERE));
  USE_VALUE(ignored);
  NOTE(AnnotateIgnoreReadsEnd(HERE));
  NOTE(AnnotateNewMemory(HERE, recycled, sizeof(int)));
  ++*recycled;
  NOTE(AnnotateHappensAfter(HERE, object));
  ++happens;
  NOTE(WTFAnnotateHappensAfter(HERE, object + 1));
  ++wtf;
  NOTE(__tsan_acquire(object + 2));
  ++tsan;
  NOTE(AnnotateRWLockAcquired(HERE, lock, 0));
  USE_VALUE(locked);
  NOTE(AnnotateRWLockReleased(HERE, lock, 0));
  pthread_join(thread, nullptr);
  NOTE(AnnotateRWLockDestroy(HERE, lock));
  free(recycled);
#ifndef RACY
  return RunningOnValgrind();
#else
  return 0;
#endif
}
