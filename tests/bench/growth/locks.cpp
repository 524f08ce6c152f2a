// locks.cpp - what the number of locks costs: `locks THREADS LOCKS`.
//
// A million critical sections on LOCKS objects, each with its own mutex, chosen at random; one in
// eight holds a second lock, always the one with the higher number. The work is the same for any
// number of locks. Verified: the sum.
#include <mutex>

#include "../kernels/kernel.h"

namespace {

struct Object {
  std::mutex mutex;
  std::uint64_t value = 0;
};

}  // namespace

int main(int argc, char** argv) {
  const auto [threads, locks] = kernel::parseArguments(argc, argv, 1000);
  constexpr long kSections = 1'000'000;
  const auto count = static_cast<std::uint64_t>(locks);
  std::vector<Object> objects(count);
  kernel::runThreads(threads, [&, threads = threads](int index) {
    const kernel::Slice sections = kernel::sliceOf(kSections, index, threads);
    for (long i = sections.begin; i < sections.end; ++i) {
      kernel::Random random(static_cast<std::uint64_t>(i));
      const std::uint64_t first = random.below(count);
      Object& object = objects[first];
      const std::lock_guard lock(object.mutex);
      ++object.value;
      if (i % 8 == 0 && first + 1 < count) {
        Object& other = objects[first + 1 + random.below(count - first - 1)];
        const std::lock_guard second(other.mutex);
        --object.value;
        ++other.value;
      }
    }
  });
  std::uint64_t total = 0;
  for (const Object& object : objects) total += object.value;
  kernel::require(total == static_cast<std::uint64_t>(kSections), "sum of the values");
  kernel::Checksum checksum;
  checksum.add(total);
  return kernel::finish("locks", checksum);
}
