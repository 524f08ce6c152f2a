#!/usr/bin/env bash
# A program that forbids itself what the detector likes to use (membarrier, opening files, madvise is needed): it goes on, and
# the race is found.
source "$(dirname "${BASH_SOURCE[0]}")/../support/shell.sh"
cat >filtered.c <<'EOF'
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
int shared;
void* run(void* unused) { shared++; return unused; }
#define FORBID(number) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1), BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM)
int main(void) {
  struct sock_filter rules[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
      FORBID(SYS_membarrier), FORBID(SYS_open), FORBID(SYS_openat), FORBID(SYS_readlink),
      FORBID(SYS_prlimit64), FORBID(SYS_mincore), FORBID(SYS_sched_getaffinity),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
  struct sock_fprog program = {sizeof rules / sizeof *rules, rules};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
    return 77;
  if (syscall(SYS_membarrier, 0, 0) != -1) return 1;
  pthread_t thread;
  pthread_create(&thread, 0, run, 0);
  pid_t child = fork();
  if (child == 0) _exit(0);
  int status;
  if (waitpid(child, &status, 0) != child || status != 0) return 1;
  shared++;
  pthread_join(thread, 0);
  return 0;
}
EOF
expect_ok "$CC" -g filtered.c -o filtered
run ./filtered
[ "$status" -ne 77 ] || skip "no seccomp filters here"
expect_race ./filtered
expect_stderr "Previous"

