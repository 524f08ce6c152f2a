// The racy twin: who closes the socket has not read the end that shutdown makes.
// EXPECT: races=1
// EXPECT: matches "^Close of file descriptor [0-9]+ by thread"
#include <sys/socket.h>
#include <unistd.h>

#include "threads.h"

int main() {
  int pair[2];
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0) return 1;
  runUnordered([&] { shutdown(pair[0], SHUT_RDWR); }, [&] { close(pair[0]); });
  close(pair[1]);
}
