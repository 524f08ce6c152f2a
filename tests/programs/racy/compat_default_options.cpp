// compat_default_options.cpp - what the program defines for ThreadSanitizer: options of that detector,
// most of them without a meaning here, and suppressions of every kind. One race is left, which ends
// the program with the exit code that the options say.
// EXPECT: races=1
// EXPECT: exit=23
// EXPECT: contains "Global 'reported'"
// EXPECT: contains "'second_deadlock_stack' has no meaning here"
// EXPECT: contains "'history_size' has no meaning here"
// EXPECT: not-contains "'halt_on_error'"
// EXPECT: not-contains "Global 'hidden"
// EXPECT: not-contains "not reached"
// EXPECT: contains "died by report"
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

#include "schedule.h"

extern "C" const char* __tsan_default_options() {
  return "halt_on_error=1:second_deadlock_stack=1,exitcode='23' report_thread_leaks=0\nhistory_size=99 "
         "verbosity=1";
}
extern "C" const char* __tsan_default_suppressions() {
  return "# what this program is known for\n"
         "race:^hidden_by_name$\n"
         "race:touchHid*Function\n"
         "race_top:^hiddenTop(\n"
         "\n"
         "thread:someThread\n"
         "mutex:someMutex\n"
         "signal:someHandler\n"
         "deadlock:someLock\n"
         "called_from_lib:libnothing.so\n";
}
extern "C" void __sanitizer_set_death_callback(void (*callback)());

StepCounter turn;
int hidden_by_name, hidden_by_function, hidden_by_top, reported;

__attribute__((noinline)) static void touchHiddenFunction() { ++hidden_by_function; }
__attribute__((noinline)) static void hiddenTop() { ++hidden_by_top; }

void* other(void*) {
  ++hidden_by_name;
  touchHiddenFunction();
  hiddenTop();
  ++reported;
  stepCounterAdvance(&turn);
  return nullptr;
}

int main() {
  __sanitizer_set_death_callback([] { write(2, "died by report\n", 15); });
  pthread_t thread;
  pthread_create(&thread, nullptr, other, nullptr);
  stepCounterWait(&turn, 1);
  ++hidden_by_name;
  touchHiddenFunction();
  hiddenTop();
  ++reported;
  fprintf(stderr, "not reached\n");
  pthread_join(thread, nullptr);
  return 0;
}
