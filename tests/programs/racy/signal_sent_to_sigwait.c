// A thread sends a signal, in each of the ways there are, and then writes; who waits for it by
// sigwait reads.
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

enum { kThreadKill, kGroup, kTimer, kInterval, kAlarm, kByProcess, kWays };
static int signals[kWays] = {SIGUSR1, SIGUSR1, SIGUSR1, SIGALRM, SIGALRM, SIGUSR1};
static int data, way, result;
static pid_t receiver;  // atomic

static void* receives(void* argument) {
  __atomic_store_n(&receiver, gettid(), __ATOMIC_RELAXED);
  sigset_t set;
  int signal;
  sigemptyset(&set);
  sigaddset(&set, signals[way]);
  sigwait(&set, &signal);
  result += data;
  return argument;
}

static void sends(void) {
  switch (way) {
    case kThreadKill: {
      pid_t thread;
      while ((thread = __atomic_load_n(&receiver, __ATOMIC_RELAXED)) == 0) sched_yield();
      tgkill(getpid(), thread, SIGUSR1);
      break;
    }
    case kGroup: killpg(getpgrp(), SIGUSR1); break;
    case kTimer: {
      struct sigevent event;
      memset(&event, 0, sizeof event);
      event.sigev_notify = SIGEV_SIGNAL;
      event.sigev_signo = SIGUSR1;
      timer_t timer;
      timer_create(CLOCK_MONOTONIC, &event, &timer);
      const struct itimerspec soon = {{0, 0}, {0, 1000}};
      timer_settime(timer, 0, &soon, NULL);
      break;
    }
    case kInterval: {
      const struct itimerval soon = {{0, 0}, {0, 1}};
      setitimer(ITIMER_REAL, &soon, NULL);
      break;
    }
    case kAlarm: ualarm(1, 0); break;
    default: {
      const int process = (int)syscall(SYS_pidfd_open, getpid(), 0l);
      if (process < 0 || syscall(SYS_pidfd_send_signal, process, SIGUSR1, NULL, 0l) != 0)
        kill(getpid(), SIGUSR1);
      close(process);
    }
  }
}

int main(void) {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, NULL);
  setpgid(0, 0);
  for (way = 0; way < kWays; ++way) {
    pthread_t thread;
    __atomic_store_n(&receiver, 0, __ATOMIC_RELAXED);
    pthread_create(&thread, NULL, receives, NULL);
    sends();
    data = way + 1;
    pthread_join(thread, NULL);
  }
  return 0;
}
