// The program chooses between two places and reads one; the optimiser reads both where it knows that both are
// there. What is not chosen is written by another thread. With loops the reads leave the loop, with
// neighbours they become vectors, and a value used twice loses the choice that it came from.
// TSan: false reports at -O1 and more.
#include "threads.h"

constexpr bool kChosen = true;

#define CASE __attribute__((noinline)) static

struct Pair {
  int first, second;
};
struct Four {
  float x, y, z, w;
};
constexpr int kCount = 16;
bool chosen[kCount];
float positive[kCount];

int a, b;
Pair pair_a, pair_b;
Four four_a, four_b, fours[2];
float floats_a[4], floats_b[4];
unsigned char bytes_a[kCount], bytes_b[kCount];
const int constant = 7;

CASE int usedTwice(bool c) {
  int value = c ? a : b;
  int again = c ? a : 5;
  return value + again;
}
CASE int chosenTwice(bool c, bool d) {
  int value = c ? a : b;
  int other = d ? a : b;
  return value + other;
}
CASE int readBefore(bool c) {
  int before = a;
  int value = c ? a : b;
  return value * 7 + before;
}
CASE float members(bool c) {
  Four four = c ? four_a : four_b;
  return four.x * four.y + four.z * four.w;
}
CASE int inLoop(const bool* c, int n) {
  int sum = 0;
  for (int i = 0; i < n; i++) sum += c[i] ? a : b;
  return sum;
}
CASE int inBranches(const bool* c, int n) {
  int sum = 0;
  for (int i = 0; i < n; i++) {
    if (c[i])
      sum += a;
    else
      sum += b;
  }
  return sum;
}
CASE int copied(const bool* c, int n) {
  int sum = 0;
  for (int i = 0; i < n; i++) {
    Pair pair = c[i] ? pair_a : pair_b;
    sum += pair.first + pair.second;
  }
  return sum;
}
CASE int ofReferences(const int& x, const int& y, const bool* c, int n) {
  int sum = 0;
  for (int i = 0; i < n; i++) sum += c[i] ? x : y;
  return sum;
}
CASE int orConstant(const bool* c, int n) {
  int sum = 0;
  for (int i = 0; i < n; i++) sum += *(c[i] ? &constant : &b);
  return sum;
}
CASE void neighbours(const float* p, float* __restrict to) {
  for (int i = 0; i < 4; i++) to[i] = (p[i] > 0 ? floats_a[i] : floats_b[i]) * p[i];
}
CASE void bytes(const bool* c, unsigned char* __restrict to) {
  for (int i = 0; i < kCount; i++) to[i] = c[i] ? bytes_a[i] : bytes_b[i];
}
CASE int orLocal(bool c) {
  int local = 5;
  const int& chosen_one = c ? local : b;
  return chosen_one;
}
CASE int orLocalLater(bool c, int x) {
  int local = x;
  int* chosen_one = &local;
  if (!c) chosen_one = &b;
  return *chosen_one;
}
CASE int handedOn(bool c, int n) {
  int local = n;
  auto twice = [](const int& x) { return x + x; };
  return twice(c ? local : b);
}
CASE int copiedBesideVolatile(const bool* c, int n) {
  volatile int sum = 0;
  for (int i = 0; i < n; i++) {
    Pair pair = c[i] ? pair_a : pair_b;
    sum = sum + pair.first + pair.second;
  }
  return sum;
}
CASE int copiedOrLocal(bool c, int x) {
  const Pair local{x, x + 1};
  Pair copy = *(c ? &local : &pair_b);
  copy.first += x;
  return copy.first * copy.second;
}
CASE int element(bool c) { return static_cast<int>((c ? &fours[1] : &fours[0])->y); }
CASE int membersInLoop(const bool* c, int n) {
  int sum = 0;
  for (int i = 0; i < n; i++) sum += *(c[i] ? &pair_a.first : &pair_a.second);
  return sum;
}

template <class Object, class Body>
void check(Object& unchosen, Body body) {
  runUnordered([=] { USE_VALUE(body(kChosen)); },
               [&unchosen] {
                 __builtin_memset(&unchosen, 1, sizeof unchosen);
                 __asm__ volatile("" ::: "memory");
               });
}

int main() {
  for (bool& c : chosen) c = kChosen;
  for (float& p : positive) p = kChosen ? 1.0f : -1.0f;
  check(b, [](bool c) { return usedTwice(c); });
  check(b, [](bool c) { return chosenTwice(c, c); });
  check(b, [](bool c) { return readBefore(c); });
  check(four_b, [](bool c) { return static_cast<int>(members(c)); });
  check(b, [](bool) { return inLoop(chosen, kCount); });
  check(b, [](bool) { return inBranches(chosen, kCount); });
  check(pair_b, [](bool) { return copied(chosen, kCount); });
  check(pair_b, [](bool) { return copiedBesideVolatile(chosen, kCount); });
  check(pair_b, [](bool c) { return copiedOrLocal(c, 3); });
  check(b, [](bool) { return ofReferences(a, b, chosen, kCount); });
  check(b, [](bool) { return orConstant(chosen, kCount); });
  check(floats_b, [](bool) {
    float to[4];
    neighbours(positive, to);
    return static_cast<int>(to[3]);
  });
  check(bytes_b, [](bool) {
    unsigned char to[kCount];
    bytes(chosen, to);
    return to[3];
  });
  check(fours[0], [](bool c) { return element(c); });
  check(pair_a.second, [](bool) { return membersInLoop(chosen, kCount); });
  check(b, [](bool c) { return orLocal(c); });
  check(b, [](bool c) { return orLocalLater(c, 3); });
  check(b, [](bool c) { return handedOn(c, 3); });
}
