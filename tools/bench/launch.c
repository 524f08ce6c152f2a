// launch.c - runs one command and says what it used. Linked statically, so that it is tiny.
//
// Usage: launch FD COMMAND [ARGUMENT...]
//
// Linux starts a program's peak of resident memory at what its parent used when it forked. The
// bench driver uses some MiB, more than an empty program; this program uses a few pages.
// Writes `wait status, user s, system s, wall s, peak KiB` as one line to the descriptor FD, which
// the command does not inherit. Exit status: 0 if that was written, 127 otherwise.

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

static double seconds(struct timeval time) {
  return (double)time.tv_sec + (double)time.tv_usec * 1e-6;
}

int main(int argc, char** argv) {
  if (argc < 3) return 127;
  const int results = atoi(argv[1]);
  if (fcntl(results, F_SETFD, FD_CLOEXEC) != 0) return 127;

  const double start = now();
  const pid_t child = fork();
  if (child < 0) return 127;
  if (child == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);  // a killed bench leaves nothing running
    execvp(argv[2], argv + 2);
    dprintf(STDERR_FILENO, "cannot run %s: %s\n", argv[2], strerror(errno));
    _exit(127);
  }
  int status = 0;
  struct rusage used;
  while (wait4(child, &status, 0, &used) < 0) {
    if (errno != EINTR) return 127;
  }
  const int written = dprintf(results, "%d %.6f %.6f %.6f %ld\n", status, seconds(used.ru_utime),
                              seconds(used.ru_stime), now() - start, used.ru_maxrss);
  return written > 0 ? 0 : 127;
}
