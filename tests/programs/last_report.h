// last_report.h - processes that end while a race of theirs is being reported.
//
// Thread safety: none; called by main alone. Allocation: none.
#pragma once

#undef NDEBUG
#include <assert.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <exception>
#include <string>

#include "schedule.h"

// What ThreadSanitizer's interface header declares.
extern "C" void __sanitizer_set_report_fd(void* fd) __attribute__((weak));

struct Way {
  void (*leave)();
  int signal;  // that ends the process; 0: it exits with `status`
  int status;
};

static const Way kWays[] = {
    {[] { abort(); }, SIGABRT, 0},
    {[] { assert(getpid() == 0); }, SIGABRT, 0},
    {[] { std::terminate(); }, SIGABRT, 0},
    {[] { raise(SIGTERM); }, SIGTERM, 0},
    {[] { kill(getpid(), SIGKILL); }, SIGKILL, 0},
    {[] { pthread_kill(pthread_self(), SIGHUP); }, SIGHUP, 0},
    {[] { syscall(SYS_tgkill, getpid(), syscall(SYS_gettid), SIGUSR1); }, SIGUSR1, 0},
    {[] { execl("/bin/true", "true", nullptr); }, 0, 0},
    {[] {
       char name[] = "/bin/true";
       char* const arguments[] = {name, nullptr};
       execvp("true", arguments);
     },
     0, 0},
    {[] { _exit(0); }, 0, 66},
};

static long last_report_value;

/// So deep that the report does not fit into the pipe.
__attribute__((noinline)) static void writeBelowManyCalls(int depth) {
  if (depth == 0)
    last_report_value++;
  else
    writeBelowManyCalls(depth - 1);
  USE_VALUE(depth);
}

static void* writeAtStep(void* step) {
  if (step != nullptr) stepWait(*static_cast<int*>(step));
  writeBelowManyCalls(50);
  return nullptr;
}

/// In a child process a thread races, and main leaves while that is reported; if it `is_ordered`,
/// there is nothing to report.
static void leaveDuringReport(const Way& way, bool is_ordered) {
  int report[2], leaving[2];
  if (pipe2(report, O_CLOEXEC) != 0 || pipe2(leaving, O_CLOEXEC) != 0) abort();
  if (fcntl(report[1], F_SETPIPE_SZ, 4096) < 0) abort();
  const bool is_reported = !is_ordered && __sanitizer_set_report_fd != nullptr;
  char first = '\n';
  const pid_t child = fork();
  if (child == 0) {
    const rlimit no_core = {0, 0};
    setrlimit(RLIMIT_CORE, &no_core);
    if (__sanitizer_set_report_fd != nullptr)
      __sanitizer_set_report_fd(reinterpret_cast<void*>(static_cast<long>(report[1])));
    dup2(report[1], 2);  // what `assert` and std::terminate say
    static int step = 1;
    if (is_ordered) last_report_value = 1;
    pthread_t thread;
    pthread_create(&thread, nullptr, writeAtStep, is_ordered ? nullptr : &step);
    pthread_detach(thread);
    if (!is_ordered) {
      last_report_value = 1;
      stepAdvance();
      if (is_reported && read(report[0], &first, 1) != 1) abort();  // the rest does not fit
    }
    if (write(leaving[1], &first, 1) != 1) abort();
    way.leave();
    _exit(99);
  }
  close(report[1]);
  char bytes[4096];
  std::string text;
  if (read(leaving[0], &first, 1) != 1) abort();
  text += first;
  for (ssize_t count; (count = read(report[0], bytes, sizeof bytes)) > 0;)
    text.append(bytes, static_cast<size_t>(count));
  fputs(text.c_str(), stderr);
  if (is_reported && text.find("\nFingerprint: ") == std::string::npos) {
    fprintf(stderr, "way %td: the report is cut off\n", &way - kWays);
    _exit(1);
  }
  int status = 0;
  if (waitpid(child, &status, 0) != child) abort();
  const int expected = is_reported ? way.status : 0;
  const bool as_expected = way.signal != 0
                               ? WIFSIGNALED(status) && WTERMSIG(status) == way.signal
                               : WIFEXITED(status) && WEXITSTATUS(status) == expected;
  if (!as_expected) {
    fprintf(stderr, "way %td: status %x\n", &way - kWays, status);
    _exit(1);
  }
  close(report[0]);
  close(leaving[0]);
  close(leaving[1]);
}
