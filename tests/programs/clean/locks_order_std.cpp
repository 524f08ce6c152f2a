// std::lock and std::scoped_lock take several mutexes in any order without waiting for one while they
// hold another.
#include <mutex>
#include <thread>

std::mutex a, b, c;

int main() {
  std::thread first([] {
    for (int i = 0; i < 100; i++) std::scoped_lock guard(a, b, c);
  });
  std::thread second([] {
    for (int i = 0; i < 100; i++) std::scoped_lock guard(c, b, a);
  });
  first.join();
  second.join();
}
