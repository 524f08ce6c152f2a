// sync_std_exception_ptr_last_owner.cpp - two threads read an exception and drop it; nothing else
// orders them, so the destructor's writes follow the other's reads only through the count.
// Clean: the decrement of the count is a release, and the last one an acquire.
// TSan: false report (the count lives in the C++ library).
#include <exception>
#include <string>

#include "schedule.h"
#include "threads.h"

struct Failure {
  std::string text = "a text that is longer than what fits into the object";
};

void read(std::exception_ptr& pointer) {
  try {
    std::rethrow_exception(pointer);
  } catch (const Failure& caught) {
    if (caught.text.empty()) abort();
  }
}

int main() {
  std::exception_ptr first = std::make_exception_ptr(Failure());
  std::exception_ptr second = first;
  runThreads(
      [&] {
        read(first);
        first = nullptr;
        stepAdvance();
      },
      [&] {
        read(second);
        stepWait(1);
        second = nullptr;  // the last owner
      });
  return 0;
}
