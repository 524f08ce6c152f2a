// Neighbours in one word: four threads on its four bytes, two on its two shorts, three on the
// members of a small struct, all at once.
#include "threads.h"

alignas(4) unsigned char bytes[4];
alignas(4) unsigned short shorts[2];
struct {
  bool ready;
  char letter;
  short number;
} mixed;

template <class T>
__attribute__((noinline)) void flip(T* value) {
  *value = static_cast<T>(*value ^ 1);
}

int main() {
  runThreadsIndexed(4, [](int i) {
    for (int n = 0; n < 3000; n++) {
      flip(&bytes[i]);
      if (i < 2) flip(&shorts[i]);
      if (i == 0) flip(&mixed.ready);
      if (i == 1) flip(&mixed.letter);
      if (i == 2) flip(&mixed.number);
    }
  });
}
