// fork() while another thread is called back by the C library, which holds its list of streams
// locked: fork waits for that lock, and the detector must not make its holder wait for fork.
// FLAGS: -std=gnu++20 -pthread
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "threads.h"

static hindsight_test::Step steps;
static int written_bytes;
static int other_value;

static ssize_t onWrite(void*, const char*, size_t bytes) {
  steps.advance();   // the list of streams is locked
  steps.wait(2);     // the other thread has begun to fork
  usleep(20000);     // it will soon wait for that lock; nothing depends on it
  written_bytes += static_cast<int>(bytes);
  for (int i = 0; i < 3; i++) __atomic_fetch_add(&other_value, 1, __ATOMIC_SEQ_CST);
  return static_cast<ssize_t>(bytes);
}

int main() {
  FILE* stream = fopencookie(nullptr, "w", {nullptr, onWrite, nullptr, nullptr});
  if (stream == nullptr) return 1;
  pthread_atfork([] { steps.advance(); }, nullptr, nullptr);
  fputs("text", stream);
  int status = 0;
  runThreads([] { fflush(nullptr); },
             [&] {
               steps.wait(1);
               const pid_t child = fork();
               if (child == 0) {
                 other_value++;
                 _exit(0);
               }
               waitpid(child, &status, 0);
             });
  fclose(stream);
  return status == 0 && written_bytes == 4 ? 0 : 1;
}
