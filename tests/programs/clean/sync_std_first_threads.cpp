// The first two threads of a process start at once: what the C++ library makes for the first of them, behind a
// guard that it tests in its own code, is ordered before its use by the second.
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <thread>

namespace {

std::atomic<int> ready;

void meet() {
  ++ready;
  while (ready.load() < 2) {
  }
}

int startTwo() {
  std::thread one(meet);
  std::thread other(meet);
  one.join();
  other.join();
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc > 1) return startTwo();
  for (int i = 0; i < 40; ++i) {
    const pid_t child = fork();
    if (child == 0) {
      execl(argv[0], argv[0], "child", nullptr);
      _exit(1);
    }
    int status = 0;
    waitpid(child, &status, 0);
    if (status != 0) return 1;
  }
}
