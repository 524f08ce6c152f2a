// counter_racy.cpp - two threads count the requests that they have served.
//
// `requests_served++` loads, adds and stores. Nothing orders one thread's store before the other's
// load, so that increments can be lost; the total is usually, but not always, too small.
// The fix (counter_fixed.cpp): an atomic counter.
#include <cstdio>
#include <thread>

long requests_served = 0;

void serve(int requests) {
  for (int i = 0; i < requests; i++) requests_served++;
}

int main() {
  std::thread first(serve, 10000);
  std::thread second(serve, 10000);
  first.join();
  second.join();
  std::printf("%ld requests served\n", requests_served);
}
