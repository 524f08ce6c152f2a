// thread_handle_test.cpp - a pthread_t names the thread that got it last.

#include <gtest/gtest.h>

#include "core/shadow_map.h"
#include "threads/runtime_scope.h"
#include "threads/thread.h"

namespace hindsight {
namespace {

// The shadow has to be there before the runtime is used; this may start the program again.
__attribute__((constructor)) void mapShadowFirst(int, char** argv, char** environment) {
  mapShadow(argv, environment);
}

/// The C library has joined or detached a thread and given its handle to another one, before whoever asked for that is
/// back to say so: the record of the former is still that of a finished thread. It was made later than the other.
TEST(ThreadHandle, BelongsToTheThreadThatGotItLast) {
  constexpr uptr kHandle = 0x7000;
  RuntimeScope scope;
  Thread* const main = simulateThread(nullptr, 0);
  Thread* const second = simulateThread(main, 0);
  Thread* const first = simulateThread(main, 0);
  giveHandle(*first, kHandle);
  EXPECT_EQ(findThreadByHandle(kHandle), first);
  finishThread(first);
  giveHandle(*second, kHandle);
  EXPECT_EQ(findThreadByHandle(kHandle), second);
  joinThread(*main, first);
  EXPECT_EQ(findThreadByHandle(kHandle), second);
  finishThread(second);
  joinThread(*main, second);
  EXPECT_EQ(findThreadByHandle(kHandle), nullptr);
}

}  // namespace
}  // namespace hindsight
