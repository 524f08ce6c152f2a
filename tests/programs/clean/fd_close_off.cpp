// fd_close_off.cpp - a descriptor opened by a third thread is closed while another one reads from it.
// Clean: switched off; racy/fd_close_json.cpp is the same.
// ENV: HINDSIGHT=report_descriptor_races=0
#include <fcntl.h>
#include <unistd.h>

#include "schedule.h"
#include "threads.h"

int fd;

int main() {
  runThreads([] { fd = open("/dev/null", O_RDWR); });
  runUnordered(
      [] {
        char byte;
        if (read(fd, &byte, 1) != 0) abort();
      },
      [] { close(fd); });
  return 0;
}
