// compat_suppressions.cpp - races that a file written for ThreadSanitizer suppresses, by the names of its
// reports: a C function's without "()", a template's with the return type and ">>". The last pattern is
// anchored in the spelling of our own reports.
// EXPECT: contains "Suppressed 1 report(s) by race:^touch_plain$"
// EXPECT: contains "Suppressed 1 report(s) by race:^void touchTemplate<std::vector<int, std::allocator<int>>>("
// EXPECT: contains "Suppressed 1 report(s) by race:^touchNested(std::vector<std::vector<int, std::allocator<int>>, *>>>&)$"
// EXPECT: contains "Suppressed 1 report(s) by race:^touchNamed()$"
// ENV: HINDSIGHT=print_suppressions=1
#include <pthread.h>

#include <vector>

#include "schedule.h"

extern "C" const char* __tsan_default_suppressions() {
  return "race:^touch_plain$\n"
         "race:^void touchTemplate<std::vector<int, std::allocator<int>>>(\n"
         "race:^touchNested(std::vector<std::vector<int, std::allocator<int>>, *>>>&)$\n"
         "race:^touchNamed()$\n";
}

StepCounter turn;
int plain, of_template, nested, named;
std::vector<int> row;
std::vector<std::vector<int>> rows;

extern "C" __attribute__((noinline)) void touch_plain() { ++plain; }
template <class Row>
__attribute__((noinline)) void touchTemplate(Row&) { ++of_template; }
__attribute__((noinline)) void touchNested(std::vector<std::vector<int>>&) { ++nested; }
__attribute__((noinline)) void touchNamed() { ++named; }

void touchAll() {
  touch_plain();
  touchTemplate(row);
  touchNested(rows);
  touchNamed();
}

void* other(void*) {
  touchAll();
  stepCounterAdvance(&turn);
  return nullptr;
}

int main() {
  pthread_t thread;
  pthread_create(&thread, nullptr, other, nullptr);
  stepCounterWait(&turn, 1);
  touchAll();
  pthread_join(thread, nullptr);
  return 0;
}
