// aio_write reads the data when it is called; aio_read has written it when aio_return says so.
// EXPECT: races=2
#include <aio.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "libc_cases.h"

char data[64], results[64];
aiocb request;
FILE* file;

void transfer(bool write, char* at) {
  memset(&request, 0, sizeof request);
  request.aio_fildes = fileno(file);
  request.aio_buf = at;
  request.aio_nbytes = 16;
  if (write)
    aio_write(&request);
  else
    aio_read(&request);
  const aiocb* list[] = {&request};
  while (aio_error(&request) == EINPROGRESS) aio_suspend(list, 1, nullptr);
  keep(aio_return(&request));
}

constexpr Case kCases[] = {
    {"aio_write", [] { transfer(true, data); }, [] { data[15] = 1; }},
    {"aio_read", [] { transfer(false, results); }, [] { results[15] = 1; }},
};

constexpr Case kNeighbours[] = {
    {"aio_write", [] { transfer(true, data); }, [] { data[16] = 1; }},
    {"aio_read", [] { transfer(false, results); }, [] { results[16] = 1; }},
};

int main() {
  file = tmpfile();
  raceCases(kCases);
  raceCases(kNeighbours);
}
