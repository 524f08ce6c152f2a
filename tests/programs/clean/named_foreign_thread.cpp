// The notice of an asynchronous read runs in a thread that the C library makes for itself, which the
// detector has never heard of: its calls and accesses do no harm.
// LIBS: -lrt
#include <aio.h>
#include <fcntl.h>

#include "threads.h"

static int depth_reached;
static char buffer[16];
static aiocb request;

__attribute__((noinline)) static int descend(int depth) {
  const int below = depth == 0 ? 0 : descend(depth - 1);
  USE_VALUE(below);
  return below + 1;
}

static void onRead(sigval) {
  depth_reached = descend(1000);
  stepAdvance();
}

int main() {
  request.aio_fildes = open("/dev/zero", O_RDONLY);
  request.aio_buf = buffer;
  request.aio_nbytes = sizeof buffer;
  request.aio_sigevent.sigev_notify = SIGEV_THREAD;
  request.aio_sigevent.sigev_notify_function = onRead;
  if (aio_read(&request) != 0) return 1;
  stepWait(1);
  return depth_reached == 1001 ? 0 : 1;
}
