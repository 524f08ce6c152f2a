// fd_close_use.cpp - descriptors of every making are used by one thread and closed by another, without order.
// Racy: the number could as well mean another file by the time it is used. The descriptors differ in how they were
// opened and in how they are used.
// EXPECT: races=9
// EXPECT: contains "Close of file descriptor"
// EXPECT: contains "Previous use of file descriptor"
// EXPECT: matches "^File descriptor [0-9]+ opened by main thread at:"
// EXPECT: at=OPEN
// EXPECT: at=PIPE
// EXPECT: at=SOCKETS
// EXPECT: at=ACCEPT
// EXPECT: at=EVENT
// EXPECT: at=EPOLL
// EXPECT: at=DUP
// EXPECT: at=STREAM
// EXPECT: at=WRITE_PIPE
// EXPECT: at=SEND
// EXPECT: at=CLOSE
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "schedule.h"
#include "threads.h"

int file, pipes[2], sockets[2], listener, client, accepted, event, epoll, copy;
FILE* stream;

void openAll() {
  file = open("/dev/null", O_RDWR);  // at: OPEN
  if (pipe(pipes) != 0) abort();     // at: PIPE
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, sockets) != 0) abort();  // at: SOCKETS
  listener = socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un name{};
  name.sun_family = AF_UNIX;
  snprintf(name.sun_path + 1, sizeof name.sun_path - 1, "hindsight-fd-%d", getpid());
  if (bind(listener, reinterpret_cast<sockaddr*>(&name), sizeof name) != 0) abort();
  if (listen(listener, 1) != 0) abort();
  client = socket(AF_UNIX, SOCK_STREAM, 0);
  if (connect(client, reinterpret_cast<sockaddr*>(&name), sizeof name) != 0) abort();
  accepted = accept(listener, nullptr, nullptr);  // at: ACCEPT
  event = eventfd(0, 0);                          // at: EVENT
  epoll = epoll_create1(0);                       // at: EPOLL
  copy = dup(file);                               // at: DUP
  stream = fopen("/dev/null", "w");               // at: STREAM
}

void use() {
  char byte = 0;
  if (read(file, &byte, 1) != 0) abort();
  if (write(pipes[1], &byte, 1) != 1) abort();  // at: WRITE_PIPE
  if (send(sockets[0], &byte, 1, 0) != 1) abort();  // at: SEND
  if (recv(accepted, &byte, 1, MSG_DONTWAIT) != -1) abort();
  pollfd wanted = {event, POLLIN, 0};
  if (poll(&wanted, 1, 0) != 0) abort();
  epoll_event happened;
  if (epoll_wait(epoll, &happened, 1, 0) != 0) abort();
  if (fcntl(copy, F_GETFL) < 0) abort();
  fprintf(stream, "used");
  if (shutdown(client, SHUT_RD) != 0) abort();
}

void closeAll() {
  close(file);  // at: CLOSE
  close(pipes[1]);
  close(sockets[0]);
  close(accepted);
  close(event);
  close(epoll);
  close(copy);
  fclose(stream);
  close(client);
}

int main() {
  openAll();
  runUnordered(use, closeAll);
  return 0;
}
