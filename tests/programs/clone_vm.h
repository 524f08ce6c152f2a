// clone_vm.h - a child process in its parent's memory, and two writes by two threads of the parent.
//
// Thread safety: none; called by main alone. Allocation: the child's stack.
#pragma once

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static int clone_vm_value;

static int failToExec(void* nothing) {
  execl("/does/not/exist", "none", (char*)0);
  _exit(nothing == 0 ? 127 : 1);
}

static void runSharingChild(void) {
  enum { kStack = 1 << 16 };
  char* const stack = (char*)malloc(kStack);
  const pid_t child = clone(failToExec, stack + kStack, CLONE_VM | CLONE_VFORK | SIGCHLD, 0);
  int status = 0;
  if (waitpid(child, &status, 0) != child || !WIFEXITED(status) || WEXITSTATUS(status) != 127)
    abort();
  free(stack);
}

static void* increment(void* nothing) {
  clone_vm_value++;
  return nothing;
}

static void race(int is_ordered) {
  pthread_t thread;
  pthread_create(&thread, 0, increment, 0);
  if (is_ordered) pthread_join(thread, 0);
  clone_vm_value++;
  if (!is_ordered) pthread_join(thread, 0);
}
