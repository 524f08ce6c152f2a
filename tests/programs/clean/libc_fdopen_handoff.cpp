// libc_fdopen_handoff.cpp - fdopen makes a stream of one end of a pipe, socketpair or eventfd; the other end stays a
// descriptor.
// Clean: write -> the read that takes it, whichever of the two is a stream.
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "threads.h"

static void must(bool condition) {
  if (!condition) abort();
}

int data[5];

template <class Write, class Read>
void handOver(int which, Write write, Read read) {
  runThreads(
      [=] {
        data[which] = 1;
        write();
      },
      [=] {
        read();
        USE_VALUE(data[which]);
      });
}

void streamWrites(int which, int from, int to) {
  FILE* const stream = fdopen(to, "w");
  handOver(
      which, [=] { must(fputs("ready\n", stream) >= 0 && fflush(stream) == 0); },
      [=] {
        char line[6];
        must(read(from, line, sizeof line) == sizeof line);
      });
}

void streamReads(int which, int from, int to) {
  FILE* const stream = fdopen(from, "r");
  handOver(
      which, [=] { must(write(to, "ready\n", 6) == 6); }, [=] { must(fgetc(stream) == 'r'); });
}

int main() {
  int ends[2];
  must(pipe(ends) == 0);
  streamWrites(0, ends[0], ends[1]);
  must(pipe(ends) == 0);
  streamReads(1, ends[0], ends[1]);
  must(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
  streamWrites(2, ends[0], ends[1]);
  must(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
  streamReads(3, ends[0], ends[1]);

  const int events = eventfd(0, 0), other = dup(events);
  FILE* const stream = fdopen(events, "r+");
  setvbuf(stream, nullptr, _IONBF, 0);
  handOver(
      4,
      [=] {
        const eventfd_t one = 1;
        must(fwrite(&one, sizeof one, 1, stream) == 1);
      },
      [=] {
        eventfd_t got;
        must(eventfd_read(other, &got) == 0 && got == 1);
      });
}
