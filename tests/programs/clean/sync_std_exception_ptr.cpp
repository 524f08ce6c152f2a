// sync_std_exception_ptr.cpp - an exception is shared by two threads through exception_ptr; the
// last of its owners destroys it inside the C++ library. Clean: both threads read it; its
// destruction follows both. TSan: false report on the clean twin (the count lives in the C++
// library).
#include <exception>
#include <string>

#include "schedule.h"
#include "threads.h"

struct Failure {
  std::string text = "a text that is longer than what fits into the object";
  int handled = 0;
};

int main() {
  std::exception_ptr failure = std::make_exception_ptr(Failure());
  auto handler = [](std::exception_ptr own) {
    try {
      std::rethrow_exception(own);
    } catch (Failure& caught) {
      if (caught.text.empty()) abort();
    }
    barrierUninstrumented(2);
    own = nullptr;
  };
  {
    std::exception_ptr first = failure, second = failure;
    failure = nullptr;
    Thread left([&handler, own = std::move(first)]() mutable { handler(std::move(own)); });
    Thread right([&handler, own = std::move(second)]() mutable { handler(std::move(own)); });
    left.join();
    right.join();
  }
  return 0;
}
