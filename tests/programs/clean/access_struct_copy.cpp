// Assigning one element of an array of structs leaves the elements beside it alone, on both sides.
#include "threads.h"

template <int kSize>
struct Message {
  char first;
  char body[kSize];
  char last;
};

template <int kSize>
Message<kSize> source[3];
template <int kSize>
Message<kSize> target[3];

template <int kSize>
void neighbours() {
  runUnordered([] { target<kSize>[1] = source<kSize>[1]; },
               [] {
                 source<kSize>[0].last = 1;
                 source<kSize>[2].first = 1;
                 target<kSize>[0].last = 1;
                 target<kSize>[2].first = 1;
               });
  runOrdered([] { target<kSize>[1] = source<kSize>[1]; }, [] { source<kSize>[1].last = 1; });
}

int main() {
  neighbours<14>();
  neighbours<61>();
  neighbours<3000>();
}
