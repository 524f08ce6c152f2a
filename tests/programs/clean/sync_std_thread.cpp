// sync_std_thread.cpp - start and join of std::thread.
// Clean: the parent reads after the join.
#include <string>
#include <thread>

#include "schedule.h"

int main() {
  std::string text = "before";
  std::thread thread([&text] {
    text += " and after";
    stepAdvance();
  });
  stepWait(1);
  thread.join();
  const bool right = text == "before and after";
  return right ? 0 : 1;
}
