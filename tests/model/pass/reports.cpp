// reports.cpp - the detector as observer: writes "ROUND OBJECT OFFSET THREAD THREAD" for each byte
// reported.
//
// Object -1: a byte that nobody knows, with its address as offset. Thread -1: not known any more.
#include <stdio.h>

#include "hindsight/annotate.h"
#include "model/pass/observer.h"

namespace pass_model {
namespace {

struct Line {
  Name name;
  int thread, previous;
};
constexpr int kMostLines = 1 << 17;  // in a round
Line lines[kMostLines];
int line_count = 0, round_now = 0;

}  // namespace

void roundBegins(int round) { round_now = round; }
void turnOf(int) {}
void localEnds(void* at, u64 bytes) { hindsight_new_memory(at, bytes); }
void blockEnds(void*, u64) {}

void roundEnds() {
  for (int i = 0; i < line_count; ++i)
    printf("%d %d %llu %d %d\n", round_now, lines[i].name.object,
           static_cast<unsigned long long>(lines[i].name.offset), lines[i].thread,
           lines[i].previous);
  line_count = 0;
}

int finish(char**, int) { return 0; }

}  // namespace pass_model

extern "C" void __hindsight_on_race_bytes(const void* line, unsigned long bytes, unsigned thread,
                                          unsigned previous_thread) {
  using namespace pass_model;  // NOLINT
  for (int bit = 0; bit < 64; ++bit) {
    if ((bytes >> bit & 1) == 0) continue;
    if (line_count == kMostLines) abort();
    const auto* at = static_cast<const unsigned char*>(line) + bit;
    Line& next = lines[line_count++];
    if (!nameOf(at, next.name)) next.name = {-1, reinterpret_cast<u64>(at)};
    next.thread = threadOf(thread);
    next.previous = threadOf(previous_thread);
  }
}
