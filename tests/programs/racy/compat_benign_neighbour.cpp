// compat_benign_neighbour.cpp - a benign race covers its own bytes and its own life: the neighbour
// races, and so does what comes to lie there after the block was freed. Two readers of a described
// lock are not ordered either: what they write races.
// EXPECT: contains "Global 'pair'"
// EXPECT: contains "Heap block"
// EXPECT: contains "Global 'written_by_readers'"
// EXPECT: contains "'renamed'"
#include <pthread.h>
#include <stdlib.h>

#include "schedule.h"

extern "C" {
void AnnotateBenignRaceSized(const char*, int, const volatile void*, size_t, const char*);
void AnnotateRWLockAcquired(const char*, int, const volatile void*, long);
void AnnotateRWLockReleased(const char*, int, const volatile void*, long);
void AnnotateThreadName(const char*, int, const char*);
}

StepCounter turn;
struct { int benign, racy; } pair;
int* volatile block;
int written_by_readers;
char lock[8];

void* other(void*) {
  AnnotateThreadName(__FILE__, __LINE__, "renamed");
  pair.benign = pair.racy = 1;
  *block = 1;
  AnnotateRWLockAcquired(__FILE__, __LINE__, lock, 0);
  written_by_readers = 1;
  AnnotateRWLockReleased(__FILE__, __LINE__, lock, 0);
  stepCounterAdvance(&turn);
  return nullptr;
}

int main() {
  AnnotateBenignRaceSized(__FILE__, __LINE__, &pair.benign, sizeof(int), "meant");
  for (int round = 0; round < 100; ++round) {  // one of them will be where the last block is
    block = static_cast<int*>(malloc(sizeof(int)));
    AnnotateBenignRaceSized(__FILE__, __LINE__, block, sizeof(int), "meant");
    free(block);
  }
  block = static_cast<int*>(malloc(sizeof(int)));
  pthread_t thread;
  pthread_create(&thread, nullptr, other, nullptr);
  stepCounterWait(&turn, 1);
  AnnotateRWLockAcquired(__FILE__, __LINE__, lock, 0);
  written_by_readers = 2;
  AnnotateRWLockReleased(__FILE__, __LINE__, lock, 0);
  ++pair.benign;
  ++pair.racy;
  ++*block;
  pthread_join(thread, nullptr);
  return 0;
}
