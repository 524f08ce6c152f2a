// A promise made of a channel that is closed before the value is there.
// EXPECT: races=1
// EXPECT: contains "set"
#include "channels.h"

template <class T>
class Promise {
 public:
  void set(T value) {
    ready_.close();  // should be last
    value_ = value;
    set_.advance();
  }
  const T& get() {
    ready_.receive();
    set_.wait(1);  // in time only
    return value_;
  }

 private:
  T value_{};
  chan<int> ready_{0};
  Step set_;
};

int main() {
  Promise<int> promise;
  runThreads([&] { promise.set(5); }, [&] { USE_VALUE(promise.get()); });
}
