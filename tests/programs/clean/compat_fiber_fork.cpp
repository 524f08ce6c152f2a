// compat_fiber_fork.cpp - a process that forks with parked fibers, in a fiber: the child goes on with them.
#include <sys/wait.h>
#include <unistd.h>

#include "fibers.h"

Context here, first, second;
int steps;

static void firstBody() {
  for (;;) {
    ++steps;
    switchTo(first, here);
  }
}
static void secondBody() {
  ++steps;
  const pid_t child = fork();  // `first` and the thread's own context are parked
  if (child == 0) {
    ++steps;
    switchTo(second, first);
    abort();
  }
  int status = 1;
  waitpid(child, &status, 0);
  steps = status == 0 ? 10 : 20;
  switchTo(second, here);
}

int main() {
  beThread(here);
  makeFiber(first, firstBody, "first");
  makeFiber(second, secondBody, "second");
  switchTo(here, first);
  const pid_t self = getpid();
  switchTo(here, second);
  if (getpid() != self) {  // the child: by way of `second` and `first`
    freeFiber(second);
    switchTo(here, first);
    _exit(steps == 5 ? 0 : 1);
  }
  return steps == 10 ? 0 : 1;
}
