// compat_ignore_unmatched.cpp - an ignored region that ends without having begun.
// Racy: such an end does nothing, also while the main thread is alone.
// EXPECT: races=1
#include "threads.h"

extern "C" {
void AnnotateIgnoreReadsEnd(const char* file, int line);
void AnnotateIgnoreWritesEnd(const char* file, int line);
void __tsan_ignore_thread_end();
void __tsan_mutex_post_lock(void* lock, unsigned flags, int recursion);
}

static int value, lock;

int main() {
  AnnotateIgnoreReadsEnd(__FILE__, __LINE__);
  AnnotateIgnoreWritesEnd(__FILE__, __LINE__);
  __tsan_ignore_thread_end();
  __tsan_mutex_post_lock(&lock, 0, 0);  // without __tsan_mutex_pre_lock
  Thread writer([] { value = 1; });
  value = 2;
  writer.join();
  return value == 0 ? 1 : 0;
}
