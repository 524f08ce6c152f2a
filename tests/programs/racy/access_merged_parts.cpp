// Accesses that one check stands for keep their own lines, as the newer and as the older side of a
// race, and each races for itself.
// EXPECT: races=10
// EXPECT: at=write flag
// EXPECT: at=write ratio
// EXPECT: at=write count
// EXPECT: at=write next
// EXPECT: at=read flag
// EXPECT: at=read ratio
// EXPECT: at=read count
// EXPECT: at=read next
#include "threads.h"

struct Node {
  int before;
  int flag;
  float ratio;
  long count;
  Node* next;
  int after;
};

volatile int one = 1;
volatile float half = 0.5f;

__attribute__((noinline)) void write(Node& node) {
  const int flag = one;
  const float ratio = half;
  node.flag = flag;      // at: write flag
  node.ratio = ratio;    // at: write ratio
  node.count = flag + 1l;  // at: write count
  node.next = &node;     // at: write next
}
__attribute__((noinline)) void read(const Node& node) {
  const int flag = node.flag;      // at: read flag
  const float ratio = node.ratio;  // at: read ratio
  const long count = node.count;   // at: read count
  const Node* next = node.next;    // at: read next
  USE_VALUE(flag);
  USE_VALUE(ratio);
  USE_VALUE(count);
  USE_VALUE(next);
}

Node nodes[4];
int seen;

int main() {
  runUnordered([] { write(nodes[0]); }, [] { read(nodes[0]); });  // four
  runUnordered([] { read(nodes[1]); }, [] { write(nodes[1]); });  // the same four, the other way
  // One part of each.
  runUnordered([] { write(nodes[2]); }, [] { USE_VALUE(nodes[2].count); });
  runUnordered([] { nodes[3].count = 1; }, [] { write(nodes[3]); });
  // And none beside them.
  runUnordered([] { write(nodes[2]); }, [] { nodes[2].before = nodes[2].after = 1; });
}
