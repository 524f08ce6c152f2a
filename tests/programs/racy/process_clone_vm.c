// A child that shares its parent's memory (clone with CLONE_VM) and ends by _exit does not end the parent's
// reporting: its race is reported and counted.
// EXPECT: races=1
// EXPECT: contains "Found 1 data race(s)"
#include "clone_vm.h"

int main(void) {
  runSharingChild();
  race(0);
  return 0;
}
