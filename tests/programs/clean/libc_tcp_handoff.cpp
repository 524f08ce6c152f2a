// libc_tcp_handoff.cpp - a byte over a TCP connection within the process announces data.
// Clean: send -> the receive that consumes it.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "schedule.h"
#include "threads.h"

static void must(bool condition) {
  if (!condition) abort();
}

int client, server;
char byte_sent, byte_received;

void connectBoth() {
  sockaddr_in address = {};
  socklen_t bytes = sizeof address;
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int listener = socket(AF_INET, SOCK_STREAM, 0);
  must(bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  must(listen(listener, 1) == 0);
  must(getsockname(listener, reinterpret_cast<sockaddr*>(&address), &bytes) == 0);
  client = socket(AF_INET, SOCK_STREAM, 0);
  must(connect(client, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  server = accept(listener, nullptr, nullptr);
  must(server >= 0 && close(listener) == 0);
}

int data;

int main() {
  connectBoth();
  runThreads(
      [] {
        data = 1;
        must(send(client, &byte_sent, 1, 0) == 1);
      },
      [] {
        must(recv(server, &byte_received, 1, 0) == 1);
        USE_VALUE(data);
      });
  return 0;
}
