// A file lock taken through two descriptions excludes threads of one process.
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

#include "threads.h"

int counter;
char path[] = "/tmp/hindsight.XXXXXX", other[] = "/tmp/hindsight.XXXXXX";

void count(const char* lock) {
  const int fd = open(lock, O_RDWR);  // a description of its own: the lock excludes threads, too
  flock(fd, LOCK_EX);
  counter++;
  flock(fd, LOCK_UN);
  close(fd);
}

int main() {
  close(mkstemp(path));
  close(mkstemp(other));
  runUnordered([] { count(path); }, [] { count(path); });
  unlink(path);
  unlink(other);
}
