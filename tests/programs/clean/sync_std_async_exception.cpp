// sync_std_async_exception.cpp - an exception travels through a future and is read by the caller.
// Clean: the throw happens before the rethrow.
#include <future>
#include <stdexcept>
#include <string>

int main() {
  for (int i = 0; i < 20; ++i) {
    std::future<int> future = std::async(std::launch::async, [i]() -> int {
      throw std::runtime_error("number " + std::to_string(i));
    });
    try {
      future.get();
      return 1;
    } catch (const std::runtime_error& error) {
      if (error.what() != "number " + std::to_string(i)) return 1;
    }
  }
  return 0;
}
