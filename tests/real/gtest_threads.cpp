// gtest_threads.cpp - GoogleTest itself, with assertions made from several threads.
//
// The headers are instrumented, libgtest.a is not: results cross the border under the library's
// own pthread mutex.

#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>

#include <atomic>
#include <numeric>
#include <string>
#include <thread>
#include <vector>

namespace {

TEST(Threads, AssertionsFromManyThreads) {
  std::atomic<int> done{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([i, &done] {
      SCOPED_TRACE("thread " + std::to_string(i));
      for (int j = 0; j < 300; ++j) {
        EXPECT_EQ(j + i, i + j) << "sum of " << i << " and " << j;
        EXPECT_STREQ("same", std::string("same").c_str());
        if (j % 50 == 0) ::testing::Test::RecordProperty("progress", j);
      }
      ++done;
    });
  }
  for (std::thread& thread : threads) thread.join();
  ASSERT_EQ(done, 4);
}

class Sums : public ::testing::TestWithParam<int> {};

TEST_P(Sums, SplitOverTwoThreads) {
  std::vector<int> values(static_cast<size_t>(GetParam()));
  std::iota(values.begin(), values.end(), 0);
  long halves[2] = {};
  const auto middle = values.begin() + GetParam() / 2;
  std::thread low([&] { halves[0] = std::accumulate(values.begin(), middle, 0L); });
  std::thread high([&] { halves[1] = std::accumulate(middle, values.end(), 0L); });
  low.join();
  high.join();
  EXPECT_EQ(halves[0] + halves[1], long{GetParam()} * (GetParam() - 1) / 2);
}
INSTANTIATE_TEST_SUITE_P(Sizes, Sums, ::testing::Values(0, 1, 2, 1000, 4096));

void assertFromHelper() { FAIL() << "expected to fail"; }

TEST(Threads, FailureOfAnotherThreadIsCaught) {
  std::thread thread(
      [] { EXPECT_FATAL_FAILURE_ON_ALL_THREADS(assertFromHelper(), "expected to fail"); });
  thread.join();
}

}  // namespace

int main(int argc, char** argv) {
  ::testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
