// fd_close_json.cpp - a descriptor opened by a third thread is closed while another one reads from it.
// Racy: read and close. In JSON, where the location is the descriptor.
// ENV: HINDSIGHT=log_format=json
// EXPECT: reports=0
// EXPECT: matches "\"location\":\{\"kind\":\"file_descriptor\",\"fd\":[0-9]+,\"thread\":1,\"opened_at\":\[\{"
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
