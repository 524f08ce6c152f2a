// A global is destroyed at the end of main while a detached thread may still use it.
// EXPECT: races=1
// EXPECT: matches "^  Log::~Log"
// EXPECT: at=USE
#include "schedule.h"
#include "threads.h"

struct Log {
  int lines = 1;
  ~Log() {
    stepWait(1);
    lines = 0;
  }
};

Log program_log;

int main() {
  Thread thread([] {
    program_log.lines = 2;  // at: USE
    stepAdvance();
  });
  thread.detach();
  return 0;
}
