// A wide access and a narrow one that overlap in one byte, for every byte of eight.
// EXPECT: races=16
#include "threads.h"

template <int kByte>
union Shared {
  unsigned long whole;
  unsigned char bytes[8];
};

template <int kByte>
Shared<kByte> wide_first;
template <int kByte>
Shared<kByte> narrow_first;

template <int kByte>
void race() {
  runUnordered([] { wide_first<kByte>.whole = 1; },
               [] { USE_VALUE(wide_first<kByte>.bytes[kByte]); });
  runUnordered([] { narrow_first<kByte>.bytes[kByte] = 1; },
               [] { USE_VALUE(narrow_first<kByte>.whole); });
}

int main() {
  race<0>();
  race<1>();
  race<2>();
  race<3>();
  race<4>();
  race<5>();
  race<6>();
  race<7>();
}
