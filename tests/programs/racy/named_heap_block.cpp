// The report shows where a heap block was allocated, and by whom.
// EXPECT: races=1
// EXPECT: contains "makeSession"
// EXPECT: contains "Heap block of 104 bytes at "
// EXPECT: contains "allocated by main thread"
// EXPECT: contains "100 bytes into the block"
// EXPECT: at=allocated
#include "threads.h"

struct Session {
  char name[100];
  int requests;
};

__attribute__((noinline)) Session* makeSession() {
  Session* session = new Session();  // at: allocated
  __asm__ volatile("" : "+r"(session));
  return session;
}

int main() {
  Session* session = makeSession();
  runUnordered([=] { session->requests++; }, [=] { session->requests++; });
  delete session;
}
