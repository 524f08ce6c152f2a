// A promise made of a channel: the value, then the close. Any number of readers, early and late.
#include "channels.h"

template <class T>
class Promise {
 public:
  void set(T value) {
    value_ = value;
    ready_.close();
  }
  const T& get() {
    ready_.receive();  // at once, when it is closed
    return value_;
  }

 private:
  T value_{};
  chan<int> ready_{0};
};

int main() {
  Promise<int> promise;
  runThreadsIndexed(4, [&](int i) {
    if (i == 0) promise.set(5);
    if (promise.get() != 5) abort();
  });
}
