// fd_close_use.cpp - descriptors of every making are used by one thread and closed by another, which is created
// after the first has been joined.
// Clean: every use happened before.
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
  file = open("/dev/null", O_RDWR);
  if (pipe(pipes) != 0) abort();
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, sockets) != 0) abort();
  listener = socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un name{};
  name.sun_family = AF_UNIX;
  snprintf(name.sun_path + 1, sizeof name.sun_path - 1, "hindsight-fc-%d", getpid());
  if (bind(listener, reinterpret_cast<sockaddr*>(&name), sizeof name) != 0) abort();
  if (listen(listener, 1) != 0) abort();
  client = socket(AF_UNIX, SOCK_STREAM, 0);
  if (connect(client, reinterpret_cast<sockaddr*>(&name), sizeof name) != 0) abort();
  accepted = accept(listener, nullptr, nullptr);
  event = eventfd(0, 0);
  epoll = epoll_create1(0);
  copy = dup(file);
  stream = fopen("/dev/null", "w");
}

void use() {
  char byte = 0;
  if (read(file, &byte, 1) != 0) abort();
  if (write(pipes[1], &byte, 1) != 1) abort();
  if (send(sockets[0], &byte, 1, 0) != 1) abort();
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
  close(file);
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
  runOrdered(use, closeAll);
  return 0;
}
