// A global is destroyed at the end of main, after the thread that used it has been joined.
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
    program_log.lines = 2;
    stepAdvance();
  });
  thread.join();
  return 0;
}
