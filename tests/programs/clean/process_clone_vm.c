// As in racy/process_clone_vm.c, but the thread is joined before main writes.
#include "clone_vm.h"

int main(void) {
  runSharingChild();
  race(1);
  return 0;
}
