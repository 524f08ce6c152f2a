// heap_test.cpp - the block image: which block an address lies in, what is known of it.
#include "heap/heap.h"

#include <gtest/gtest.h>

#include "core/shadow_map.h"

namespace hindsight {
namespace {

// The images have to be there before they are used; this may start the program again.
__attribute__((constructor)) void mapShadowFirst(int, char** argv, char** environment) {
  mapShadow(argv, environment);
}

// Addresses without memory: only the image is looked at.
const uptr kHeap = address_layout.high_begin + (64ull << 30);

TEST(Heap, FindsTheBlockOfAnInteriorPointer) {
  blockBegins(kHeap, {11, 1, 100, 0});
  blockBegins(kHeap + 112, {12, 2, 1ull << 33, 0});
  EXPECT_EQ(findBlock(kHeap), kHeap);
  EXPECT_EQ(findBlock(kHeap + 99), kHeap);
  EXPECT_EQ(findBlock(kHeap + 100), 0u);
  EXPECT_EQ(findBlock(kHeap - 1), 0u);
  EXPECT_EQ(findBlock(kHeap + 112 + (1ull << 33) - 1), kHeap + 112);
  EXPECT_EQ(findBlock(kHeap + 112 + (1ull << 33)), 0u);
  blockEnds(kHeap + 112);
  EXPECT_EQ(findBlock(kHeap + 112), 0u);
  EXPECT_FALSE(isBlock(kHeap + 112));
  blockEnds(kHeap);
}

TEST(Heap, KeepsWhatItWasTold) {
  const Block told{0xffffffff, 0x7fffffff, kLargestBlock, kLargestOffset};
  blockBegins(kHeap, told);
  const Block known = describeBlock(kHeap);
  EXPECT_EQ(known.stack, told.stack);
  EXPECT_EQ(known.thread_id, told.thread_id);
  EXPECT_EQ(known.size, told.size);
  EXPECT_EQ(known.offset, told.offset);
  changeSize(kHeap, 5);
  EXPECT_EQ(sizeOf(kHeap), 5u);
  EXPECT_EQ(offsetOf(kHeap), told.offset);
  blockEnds(kHeap);
}

TEST(Heap, TheSecondHalfOfABlockIsNoBlock) {
  blockBegins(kHeap, {1, 1, kLargestBlock, kLargestOffset});
  EXPECT_FALSE(isBlock(kHeap + kBlockAlignment));
  EXPECT_FALSE(isBlock(kHeap + 8));
  blockEnds(kHeap);
  EXPECT_FALSE(isBlock(kHeap + kBlockAlignment));
}

TEST(Heap, ABlockOfNoBytesContainsItsFirst) {
  blockBegins(kHeap, {1, 1, 0, 0});
  EXPECT_EQ(findBlock(kHeap), kHeap);
  EXPECT_EQ(findBlock(kHeap + 1), 0u);
  blockEnds(kHeap);
}

}  // namespace
}  // namespace hindsight
