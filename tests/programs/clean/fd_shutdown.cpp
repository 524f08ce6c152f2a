// shutdown wakes who reads from the very socket, or accepts from it; that thread closes the number. The kernel orders
// the two: no race on the descriptor.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "threads.h"

static void readUntilEnd(int fd) {
  char byte;
  while (read(fd, &byte, 1) > 0) {
  }
}

int main() {
  int pair[2];
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0) return 1;
  runThreads(
      [&] {
        readUntilEnd(pair[0]);
        close(pair[0]);
      },
      [&] { shutdown(pair[0], SHUT_RDWR); });
  close(pair[1]);

  const int listener = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 || listen(listener, 1) != 0) return 1;
  runThreads(
      [&] {
        if (accept(listener, nullptr, nullptr) < 0) close(listener);
      },
      [&] { shutdown(listener, SHUT_RDWR); });
}
