// go -> the function -> wait, with errors of both kinds and functions that start others.
#include "hindsight/error_group.h"
#include "threads.h"

int results[3];
int before;
int failed;

int main() {
  for (int round = 0; round < 20; round++) {
    hindsight::error_group group;
    before = round;
    for (int& result : results)
      group.go([&result, &group, round] {
        if (before != round) abort();
        result = round;
        group.go([&result] { result++; });
      });
    group.go([] {
      failed++;
      return std::make_error_code(std::errc::io_error);
    });
    group.go([] { throw std::system_error(std::make_error_code(std::errc::io_error)); });
    try {
      group.wait();
      abort();
    } catch (const std::system_error&) {
    }
    for (int& result : results)
      if (result != round + 1) abort();
  }
  if (failed != 20) abort();
}
