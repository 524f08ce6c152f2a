// Loops read some members of neighbouring structures; another thread writes the others. The vectoriser loads
// what lies between and picks lanes out of that.
// FLAGS: -std=c++20 -pthread -mavx2
// REQUIRES: arch=x86_64
#include "threads.h"

#define CASE __attribute__((noinline)) static

constexpr int kCount = 64;
struct Two {
  int x, y;
};
struct Three {
  int x, y, z;
};
struct Four {
  float x, y, z, w;
};
struct Colour {
  unsigned char r, g, b, a;
};
struct Shorts {
  short a, b;
};
Two twos[kCount];
Three threes[kCount];
Four fours[kCount];
Colour colours[kCount];
Shorts shorts[kCount];
short copies[kCount];

CASE int first(const Two* p, int n) {
  int sum = 0;
  for (int i = 0; i < n; i++) sum += p[i].x;
  return sum;
}
CASE int second(const Two* p, int n) {
  int sum = 0;
  for (int i = 0; i < n; i++) sum ^= p[i].y;
  return sum;
}
CASE int squares(const Two* p, int n) {
  int sum = 0;
  for (int i = 0; i < n; i++) sum += p[i].x * p[i].x;
  return sum;
}
CASE int outer(const Three* p, int n) {
  int sum = 0;
  for (int i = 0; i < n; i++) sum += p[i].x * p[i].z;
  return sum;
}
CASE float three(const Four* p, float* __restrict to, int n) {
  for (int i = 0; i < n; i++) to[i] = p[i].x * p[i].y + p[i].w;
  return to[n - 1];
}
CASE int grey(const Colour* p, int n) {
  int sum = 0;
  for (int i = 0; i < n; i++) sum += p[i].r * 3 + p[i].g * 5 + p[i].b;
  return sum;
}
CASE int copied(const Shorts* p, int n) {
  for (int i = 0; i < n; i++) copies[i] = p[i].a;
  return copies[n - 1];
}

template <class Body, class Other>
void check(Body body, Other other) {
  runUnordered([=] { USE_VALUE(body()); }, [=] {
    for (int i = 0; i < kCount; i++) {
      other(i);
      __asm__ volatile("" ::: "memory");
    }
  });
}

int main() {
  check([] { return first(twos, kCount); }, [](int i) { twos[i].y = i; });
  check([] { return second(twos, kCount); }, [](int i) { twos[i].x = i; });
  check([] { return squares(twos, kCount); }, [](int i) { twos[i].y = i; });
  check([] { return outer(threes, kCount); }, [](int i) { threes[i].y = i; });
  check(
      [] {
        float to[kCount];
        return static_cast<int>(three(fours, to, kCount));
      },
      [](int i) { fours[i].z = 2; });
  check([] { return grey(colours, kCount); },
        [](int i) { colours[i].a = static_cast<unsigned char>(i); });
  check([] { return copied(shorts, kCount); },
        [](int i) { shorts[i].b = static_cast<short>(i); });
}
