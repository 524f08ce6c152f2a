// A recursive mutex is unlocked by a thread that does not hold it: undefined in C++, though libc notices.
// EXPECT: reports=1
// EXPECT: contains "WARNING: UNLOCK OF A MUTEX THAT ANOTHER THREAD HOLDS"
#include <mutex>
#include <thread>

std::recursive_mutex mutex;

int main() {
  mutex.lock();
  std::thread other([] { mutex.unlock(); });
  other.join();
  mutex.unlock();
}
