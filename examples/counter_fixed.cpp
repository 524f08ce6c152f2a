// counter_fixed.cpp - two threads count the requests that they have served.
//
// The counter is atomic: each increment is one indivisible step, and none is lost.
// Compare counter_racy.cpp, where it is a plain long.
#include <atomic>
#include <cstdio>
#include <thread>

std::atomic<long> requests_served = 0;

void serve(int requests) {
  for (int i = 0; i < requests; i++) requests_served++;
}

int main() {
  std::thread first(serve, 10000);
  std::thread second(serve, 10000);
  first.join();
  second.join();
  std::printf("%ld requests served\n", requests_served.load());
}
