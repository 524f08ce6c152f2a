// Accesses that one check stands for touch their own bytes and none beside them: the members before,
// between and after are another thread's.
#include "threads.h"

struct Node {
  int before;
  int flag;
  float ratio;
  long count;
  long between;
  Node* next;
  int after;
};

volatile int one = 1;
volatile float half = 0.5f;
Node node;

void writeOwn() {
  const int flag = one;
  const float ratio = half;
  node.flag = flag;
  node.ratio = ratio;
  node.count = flag + 1l;
  node.next = &node;
}
void writeOthers() {
  const int flag = one;
  node.before = flag;
  node.between = flag + 1l;
  node.after = flag + 2;
}

int main() {
  runUnordered([] { writeOwn(); }, [] { writeOthers(); });
  runUnordered([] { writeOthers(); }, [] { writeOwn(); });
}
