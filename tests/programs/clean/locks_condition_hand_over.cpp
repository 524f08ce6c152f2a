// Condition waits give the mutex up and take it back; whoever signals holds it meanwhile.
#include <condition_variable>
#include <mutex>
#include <thread>

std::mutex mutex;
std::condition_variable changed;
int turn = 0;

void play(int me) {
  for (int i = 0; i < 100; i++) {
    std::unique_lock<std::mutex> lock(mutex);
    changed.wait(lock, [=] { return turn == me; });
    turn = 1 - me;
    changed.notify_one();
  }
}

int main() {
  std::thread other(play, 1);
  play(0);
  other.join();
}
