// A handler returns with another errno than it found.
// EXPECT: reports=1
// EXPECT: contains "WARNING: SIGNAL HANDLER CHANGED ERRNO"
// EXPECT: matches "ran this handler of signal 10, which changed errno from 0 to 9:$"
// EXPECT: contains "spoils("
// EXPECT: contains "It was interrupted at:"
#include <errno.h>
#include <signal.h>
#include <unistd.h>

static void spoils(int signal) {
  (void)signal;
  close(-1);
}

int main(void) {
  signal(SIGUSR1, spoils);
  errno = 0;
  kill(getpid(), SIGUSR1);
  return errno == EBADF ? 0 : 1;
}
