// Assigning a struct (a memcpy, or a few wide moves) races with its first and its last member, on
// the side that is read and on the side that is written.
// EXPECT: races=6
#include "threads.h"

template <int kSize>
struct Message {
  char first;
  char body[kSize];
  char last;
};

template <int kSize>
Message<kSize> source;
template <int kSize>
Message<kSize> target;

template <int kSize>
void race() {
  runUnordered([] { target<kSize> = source<kSize>; }, [] { source<kSize>.last = 1; });
  runUnordered([] { USE_VALUE(target<kSize>.first); }, [] { target<kSize> = source<kSize>; });
}

int main() {
  race<14>();
  race<61>();
  race<3000>();
}
