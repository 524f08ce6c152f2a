// A race in a copy of the process made by clone is reported there, and changes its exit status.
// EXPECT: races=1
// EXPECT: exit=0
// EXPECT: stdout "child 66"
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>

#include "threads.h"

int counter;
char stack[1 << 18] __attribute__((aligned(64)));

int child(void*) {
  runUnordered([] { counter++; }, [] { counter++; });
  return 0;
}

int main() {
  const pid_t pid = clone(child, stack + sizeof stack, SIGCHLD, nullptr);
  int status = 0;
  if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status)) abort();
  printf("child %d\n", WEXITSTATUS(status));
}
