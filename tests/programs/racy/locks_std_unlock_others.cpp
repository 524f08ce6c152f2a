// std::mutex is unlocked by a thread that does not hold it; it lies in a heap block.
// EXPECT: reports=1
// EXPECT: contains "WARNING: UNLOCK OF A MUTEX THAT ANOTHER THREAD HOLDS"
// EXPECT: contains "is in a heap block of"
// EXPECT: at=NEW
// EXPECT: at=UNLOCK
#include <mutex>
#include <thread>

int main() {
  auto* mutex = new std::mutex;  // at: NEW
  mutex->lock();
  std::thread other([=] {
    mutex->unlock();  // at: UNLOCK
  });
  other.join();
  delete mutex;
}
