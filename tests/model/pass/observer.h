// observer.h - who watches a generated program: the detector (reports.cpp) or the oracle
// (oracle.cpp).
//
// Called by the thread whose turn it is, so by one at a time; between rounds by the main thread.
#pragma once

#include "model/pass/world.h"

namespace pass_model {

constexpr int kThreads = 3;

/// A byte of an object that threads share, named alike in every build.
struct Name {
  int object;
  u64 offset;
};

/// Whether `at` is such a byte just now.
bool nameOf(const void* at, Name& name);
/// Which thread of the round, from 0 on, the detector calls `number`; -1 if none.
int threadOf(unsigned number);

void roundBegins(int round);
void turnOf(int thread);
/// Whoever gets the memory next begins anew: that of a local, of which no detector can know, and
/// that of a block that was freed.
void localEnds(void* at, u64 bytes);
void blockEnds(void* at, u64 bytes);
void roundEnds();
/// All rounds are over; `files` are the reports that other builds have written. Returns the exit
/// status.
int finish(char** files, int count);

}  // namespace pass_model
