// sync_std_thread.cpp - start and join of std::thread.
// Racy: the parent reads before the join.
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
  const bool right = text == "before and after";
  thread.join();
  return right ? 0 : 1;
}
