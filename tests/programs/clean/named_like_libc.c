// A program may use names of POSIX functions for its own variables and functions: only those of
// ISO C are reserved.
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

int read;
long send[4];
static int calls;

int pipe(int* ends) {
  ends[0] = ends[1] = 7;
  return ++calls;
}
void* dup(void* unused) {
  read++;
  send[1]++;
  return unused;
}

int main(void) {
  pthread_t thread;
  int ends[2];
  pthread_create(&thread, NULL, dup, NULL);
  pthread_join(thread, NULL);
  if (pipe(ends) != 1 || ends[1] != 7 || read != 1) abort();
  puts("done");
  return 0;
}
