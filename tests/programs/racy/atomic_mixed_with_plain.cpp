// An atomic access and a plain one to the same bytes race, in both orders, unless both read; so do
// an atomic one and a plain one that overlaps it in one byte.
// EXPECT: races=6
#include "threads.h"

int a, b, c, d, e;
union {
  unsigned whole;
  unsigned char bytes[4];
} f;

int main() {
  runUnordered([] { a = 1; }, [] { USE_VALUE(__atomic_load_n(&a, __ATOMIC_SEQ_CST)); });
  runUnordered([] { USE_VALUE(b); }, [] { __atomic_store_n(&b, 1, __ATOMIC_SEQ_CST); });
  runUnordered([] { __atomic_store_n(&c, 1, __ATOMIC_SEQ_CST); }, [] { USE_VALUE(c); });
  runUnordered([] { USE_VALUE(__atomic_load_n(&d, __ATOMIC_SEQ_CST)); }, [] { d = 1; });
  runUnordered([] { __atomic_fetch_add(&e, 1, __ATOMIC_SEQ_CST); }, [] { e = 1; });
  runUnordered([] { __atomic_fetch_add(&f.whole, 1, __ATOMIC_SEQ_CST); },
               [] { USE_VALUE(f.bytes[3]); });
}
