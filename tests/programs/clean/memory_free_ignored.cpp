// A free is an access to the whole block: where accesses are ignored, it is, too. Whoever gets the
// memory next is checked as always.
#include "hindsight/annotate.h"
#include "threads.h"

int main() {
  int* block = new int(1);
  runUnordered([=] { *block = 2; },
               [=] {
                 {
                   hindsight::annotate::ignore_scope ignored;
                   delete block;
                 }
                 for (int i = 0; i < 100; i++) {
                   int* next = new int(i);
                   *next = 1;
                   delete next;
                 }
               });
}
