// A handler leaves a fault of memcmp by a jump. What the thread does afterwards is checked.
#define _GNU_SOURCE
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>

enum { kPage = 4096 };
static sigjmp_buf before;
int data;

static void onFault(int signal) {
  (void)signal;
  siglongjmp(before, 1);
}

static void* writes(void* argument) {
  __asm__ volatile("" ::: "memory");
  data = 1;
  return argument;
}

int main(void) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = onFault;
  sigaction(SIGSEGV, &action, NULL);
  char* const place = mmap(NULL, kPage, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  volatile size_t bytes = 100;
  if (sigsetjmp(before, 1) == 0) return memcmp(place, &action, bytes) + 1;
  pthread_t thread;
  pthread_create(&thread, NULL, writes, NULL);
  __asm__ volatile("" ::: "memory");
  data = 2;
  pthread_join(thread, NULL);
  return 0;
}
