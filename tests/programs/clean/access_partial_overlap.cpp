// Every way to cut eight bytes into two accesses that touch but do not overlap.
#include "threads.h"

template <class Left, class Right>
struct __attribute__((packed)) Pair {
  Left left;
  Right right;
};

template <class Left, class Right>
Pair<Left, Right> shared_pair;

template <class Left, class Right>
void neighbours() {
  runUnordered([] { shared_pair<Left, Right>.left = 1; },
               [] { shared_pair<Left, Right>.right = 1; });
  runOrdered([] { shared_pair<Left, Right>.left = 1; }, [] { shared_pair<Left, Right>.right = 1; });
}

template <class Left>
void neighboursOf() {
  neighbours<Left, char>();
  neighbours<Left, short>();
  neighbours<Left, int>();
  neighbours<Left, long>();
}

int main() {
  neighboursOf<char>();
  neighboursOf<short>();
  neighboursOf<int>();
  neighboursOf<long>();
}
