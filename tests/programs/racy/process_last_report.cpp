// A race that is being reported when another thread ends the process (abort, a failed assertion,
// std::terminate, a signal to itself, exec, _exit) is reported to its end.
//
// The report goes to a pipe that is full before half of it is written, and which the parent empties
// only when the child is about to leave.
// EXPECT: races=10
// EXPECT: exit=0
#include "last_report.h"

int main() {
  for (const Way& way : kWays) leaveDuringReport(way, false);
}
