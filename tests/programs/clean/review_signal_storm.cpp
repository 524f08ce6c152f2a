// Signals arrive at every instruction, faster than the thread can work: before it has started, inside
// the runtime, in the allocator; some handlers leave by siglongjmp, some may be interrupted by their
// own signal. In the end no signal is blocked.
#include <pthread.h>
#include <unistd.h>

#include <atomic>
#include <csetjmp>
#include <csignal>
#include <cstdlib>
#include <map>
#include <mutex>

static std::atomic<bool> finished;
static volatile sig_atomic_t hits;
static std::mutex lock;
static int numbers[64];
static sigjmp_buf place;
static thread_local volatile sig_atomic_t may_jump;

static void counts(int) { hits = hits + 1; }
static void jumps(int, siginfo_t*, void*) {
  hits = hits + 1;
  if (may_jump != 0) siglongjmp(place, 1);
}
static void* works(void* unused) {
  for (volatile int round = 0; round < 150; round = round + 1) {
    sigsetjmp(place, 1);
    may_jump = 1;
    for (volatile int i = 0; i < 2000; i = i + 1) numbers[i % 64]++;
    may_jump = 0;
    const std::lock_guard<std::mutex> guard(lock);
    std::map<int, int> tree;
    for (int i = 0; i < 50; i++) tree[i] = i;
  }
  sigset_t blocked;
  pthread_sigmask(SIG_SETMASK, nullptr, &blocked);
  if (sigismember(&blocked, SIGUSR1) != 0 || sigismember(&blocked, SIGUSR2) != 0) abort();
  finished = true;
  return unused;
}

int main() {
  struct sigaction action {};
  action.sa_handler = counts;
  sigaction(SIGUSR1, &action, nullptr);
  action.sa_sigaction = jumps;
  action.sa_flags = SA_SIGINFO | SA_NODEFER;
  sigaction(SIGUSR2, &action, nullptr);
  pthread_t thread;
  pthread_create(&thread, nullptr, works, nullptr);
  while (!finished) {
    pthread_kill(thread, SIGUSR1);
    pthread_kill(thread, SIGUSR2);
    usleep(50);
  }
  pthread_join(thread, nullptr);
}
