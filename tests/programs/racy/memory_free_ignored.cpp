// A block is freed by a thread that is not ordered after its last use. The scope in which accesses
// are ignored ends before that.
// EXPECT: races=1
// EXPECT: contains "Free at"
#include "hindsight/annotate.h"
#include "threads.h"

int main() {
  int* block = new int(1);
  runUnordered([=] { *block = 2; },
               [=] {
                 { hindsight::annotate::ignore_scope ignored; }
                 delete block;  // should be inside
               });
}
