// Making an asynchronous request happens before its end, which another thread learns from aio_error, aio_suspend,
// aio_return or a signal.
#include <aio.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "threads.h"

FILE* file;
sigset_t end_signal;

struct Transfer {
  aiocb request;
  char buffer[16];

  void begin(int notice) {
    memset(buffer, 1, sizeof buffer);
    request.aio_fildes = fileno(file);
    request.aio_buf = buffer;
    request.aio_nbytes = sizeof buffer;
    request.aio_sigevent.sigev_notify = notice;
    request.aio_sigevent.sigev_signo = SIGUSR1;
    request.aio_sigevent.sigev_value.sival_ptr = this;
    aio_read(&request);
  }
  void end() {
    if (aio_return(&request) != sizeof buffer || buffer[15] != 'x') abort();
    memset(this, 0, sizeof *this);
  }
};

Transfer asked, awaited, returned, notified;

void waitFor(aiocb* request) {
  while (aio_error(request) == EINPROGRESS) sched_yield();
}

int main() {
  file = tmpfile();
  fputs("xxxxxxxxxxxxxxxx", file);
  fflush(file);
  sigemptyset(&end_signal);
  sigaddset(&end_signal, SIGUSR1);
  pthread_sigmask(SIG_BLOCK, &end_signal, nullptr);
  hindsight_test::Step step;
  runThreads(
      [&] {
        asked.begin(SIGEV_NONE);
        awaited.begin(SIGEV_NONE);
        returned.begin(SIGEV_NONE);
        waitFor(&returned.request);
        step.advance();
        notified.begin(SIGEV_SIGNAL);
      },
      [&] {
        step.wait(1);
        waitFor(&asked.request);
        asked.end();
        const aiocb* list[] = {nullptr, &awaited.request};
        aio_suspend(list, 2, nullptr);
        awaited.buffer[0] = 'x';
        awaited.end();
        returned.end();
        siginfo_t info;
        sigwaitinfo(&end_signal, &info);
        static_cast<Transfer*>(info.si_value.sival_ptr)->end();
      });
}
