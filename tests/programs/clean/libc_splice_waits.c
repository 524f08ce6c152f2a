// libc_splice_waits.c - splice, tee and sendfile that must not wait for data, or no longer: of no bytes, into what is
// closed or only read, within one pipe, interrupted by a signal, from a socket with a timeout; and one that goes on
// waiting after a handler with SA_RESTART.
// Clean: each ends as the kernel says.
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include "schedule.h"

static void must(int condition) {
  if (!condition) abort();
}

int first[2], second[2];
volatile int handled;
volatile int ended;
pthread_t waiting;

void handle(int signal) {
  (void)signal;
  handled++;
}

void handleInterrupts(int flags) {
  struct sigaction action = {0};
  action.sa_handler = handle;
  action.sa_flags = flags;
  must(sigaction(SIGUSR1, &action, NULL) == 0);
  handled = 0;
}

HINDSIGHT_TEST_UNINSTRUMENTED static int handledSoFar(void) { return handled; }
HINDSIGHT_TEST_UNINSTRUMENTED static int hasEnded(void) { return ended; }
HINDSIGHT_TEST_UNINSTRUMENTED static void end(void) { ended = 1; }

/// Interrupts the main thread until its call has ended: a signal may come before the call waits.
void* interrupt(void* argument) {
  while (!hasEnded()) {
    pthread_kill(waiting, SIGUSR1);
    sched_yield();
  }
  return argument;
}

/// Interrupts the main thread five times, then writes what it waits for.
void* interruptAndWrite(void* argument) {
  while (handledSoFar() < 5) {
    pthread_kill(waiting, SIGUSR1);
    sched_yield();
  }
  must(write(first[1], "x", 1) == 1);
  return argument;
}

void mustFail(long result, int error) { must(result == -1 && errno == error); }

long spliceCall(size_t bytes) { return splice(first[0], NULL, second[1], NULL, bytes, 0); }
long teeCall(size_t bytes) { return tee(first[0], second[1], bytes, 0); }
long spliceSystemCall(size_t bytes) {
  return syscall(SYS_splice, first[0], NULL, second[1], NULL, bytes, 0);
}

int main(void) {
  must(pipe(first) == 0 && pipe(second) == 0);
  waiting = pthread_self();
  long (*const calls[])(size_t) = {spliceCall, teeCall, spliceSystemCall};
  for (int i = 0; i < 3; i++) {
    must(calls[i](0) == 0);
    pthread_t thread;
    handleInterrupts(0);
    ended = 0;
    pthread_create(&thread, NULL, interrupt, NULL);
    mustFail(calls[i](10), EINTR);
    end();
    pthread_join(thread, NULL);

    handleInterrupts(SA_RESTART);
    pthread_create(&thread, NULL, interruptAndWrite, NULL);
    must(calls[i](10) == 1);
    pthread_join(thread, NULL);
    char byte;
    if (calls[i] == teeCall) must(read(first[0], &byte, 1) == 1);
    must(read(second[0], &byte, 1) == 1);
  }

  mustFail(splice(first[0], NULL, -1, NULL, 10, 0), EBADF);
  mustFail(splice(first[0], NULL, second[0], NULL, 10, 0), EBADF);
  mustFail(splice(first[1], NULL, second[1], NULL, 10, 0), EBADF);
  mustFail(splice(first[0], NULL, first[1], NULL, 10, 0), EINVAL);
  mustFail(splice(first[0], NULL, second[1], NULL, 10, ~0u), EINVAL);
  mustFail(splice(first[0], NULL, second[1], NULL, 10, SPLICE_F_NONBLOCK), EAGAIN);
  mustFail(sendfile(-1, first[0], NULL, 10), EBADF);

  int ends[2];
  must(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
  const struct timeval limit = {0, 20000};
  must(setsockopt(ends[0], SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit) == 0);
  mustFail(splice(ends[0], NULL, second[1], NULL, 10, 0), EAGAIN);
  must(write(ends[1], "x", 1) == 1);
  must(splice(ends[0], NULL, second[1], NULL, 10, 0) == 1);
  return 0;
}
