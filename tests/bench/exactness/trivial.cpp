// trivial.cpp - the race of every textbook, once: two threads, one counter, no timing tricks.
#include <thread>

namespace {

int counter = 0;

void increment() { ++counter; }

}  // namespace

int main() {
  std::thread first(increment);
  std::thread second(increment);
  first.join();
  second.join();
}
