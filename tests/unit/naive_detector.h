// naive_detector.h - a program that includes this plays the detector: it defines the annotation
// entry points with naive vector clocks, so that a test can ask which events of its threads the
// library orders. In one file of the program only.
//
// A thread of the test calls start(its number) first; threads without a number order nothing.
// mark() is an event.
#pragma once

#include <algorithm>
#include <map>
#include <mutex>

#include "hindsight/annotate.h"

namespace naive_detector {

using Clock = std::map<int, int>;  // thread -> its time

inline thread_local int self = -1;
inline thread_local Clock now;
inline std::mutex objects_mutex;
inline std::map<void*, Clock> objects;

inline void join(Clock& into, const Clock& other) {
  for (auto [thread, time] : other) into[thread] = std::max(into[thread], time);
}

struct Event {
  int thread;
  int time;
  Clock clock;
};

inline Event mark() {
  const int time = ++now[self];
  return {self, time, now};
}

inline bool happensBefore(const Event& a, const Event& b) {
  auto found = b.clock.find(a.thread);
  return found != b.clock.end() && a.time <= found->second;
}

/// The calling thread is number `thread` from here on, and has seen nothing.
inline void start(int thread) {
  self = thread;
  now.clear();
}

}  // namespace naive_detector

extern "C" {

void __hindsight_acquire(void* object) {
  using namespace naive_detector;
  const std::lock_guard<std::mutex> guard(objects_mutex);
  if (auto found = objects.find(object); found != objects.end()) join(now, found->second);
}

void __hindsight_release(void* object) {
  using namespace naive_detector;
  const std::lock_guard<std::mutex> guard(objects_mutex);
  join(objects[object], now);
  ++now[self];
}

void __hindsight_release_store(void* object) {
  using namespace naive_detector;
  const std::lock_guard<std::mutex> guard(objects_mutex);
  objects[object] = now;
  ++now[self];
}

void __hindsight_forget(void* object) {
  using namespace naive_detector;
  const std::lock_guard<std::mutex> guard(objects_mutex);
  objects.erase(object);
}

void __hindsight_new_memory(void* start, size_t bytes) {
  using namespace naive_detector;
  const std::lock_guard<std::mutex> guard(objects_mutex);
  objects.erase(objects.lower_bound(start), objects.lower_bound(static_cast<char*>(start) + bytes));
}
}
