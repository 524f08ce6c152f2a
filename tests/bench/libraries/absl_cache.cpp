// absl_cache.cpp - a cache on abseil's flat_hash_map behind absl::Mutex, for readers and writers.
//
// The map is header code; the mutex is compiled into abseil without annotations, so the lock guards
// below announce what it orders to detectors: write-unlock before any lock, read-unlock before a
// write lock. Verified: values are intact, hits and misses add up, contents against a plain map.
#include <absl/container/flat_hash_map.h>
#include <absl/synchronization/mutex.h>
#include <hindsight/annotate.h>

#include <array>
#include <map>
#include <string>

#include "../kernels/kernel.h"

namespace {

class WriterLock {
 public:
  WriterLock(absl::Mutex& mutex, char& readers) : mutex_(mutex) {
    mutex_.Lock();
    hindsight_acquire(&mutex_);
    hindsight_acquire(&readers);
  }
  ~WriterLock() {
    hindsight_release(&mutex_);
    mutex_.Unlock();
  }
  WriterLock(const WriterLock&) = delete;
  WriterLock& operator=(const WriterLock&) = delete;

 private:
  absl::Mutex& mutex_;
};

class ReaderLock {
 public:
  ReaderLock(absl::Mutex& mutex, char& readers) : mutex_(mutex), readers_(readers) {
    mutex_.ReaderLock();
    hindsight_acquire(&mutex_);
  }
  ~ReaderLock() {
    hindsight_release(&readers_);
    mutex_.ReaderUnlock();
  }
  ReaderLock(const ReaderLock&) = delete;
  ReaderLock& operator=(const ReaderLock&) = delete;

 private:
  absl::Mutex& mutex_;
  char& readers_;
};

/// Thread safety: any thread may call any method.
class Cache {
 public:
  bool get(const std::string& key, std::string& value) {
    Shard& shard = shardOf(key);
    const ReaderLock lock(shard.mutex, shard.readers);
    const auto found = shard.map.find(key);
    if (found == shard.map.end()) return false;
    value = found->second;
    return true;
  }

  void put(const std::string& key, const std::string& value) {
    Shard& shard = shardOf(key);
    const WriterLock lock(shard.mutex, shard.readers);
    shard.map.insert_or_assign(key, value);
  }

  std::size_t size() {
    std::size_t total = 0;
    for (Shard& shard : shards_) {
      const ReaderLock lock(shard.mutex, shard.readers);
      total += shard.map.size();
    }
    return total;
  }

 private:
  struct alignas(64) Shard {
    absl::Mutex mutex;
    char readers = 0;  // its address stands for what readers have done
    absl::flat_hash_map<std::string, std::string> map;
  };

  Shard& shardOf(const std::string& key) {
    return shards_[std::hash<std::string>()(key) % shards_.size()];
  }

  std::array<Shard, 16> shards_;
};

std::string keyOf(std::uint64_t number) { return "the key with number " + std::to_string(number); }
std::string valueOf(const std::string& key) { return key + " has this value"; }

}  // namespace

int main(int argc, char** argv) {
  const auto [threads, size] = kernel::parseArguments(argc, argv, 1'000'000);
  constexpr std::uint64_t kKeys = 30'000;
  Cache cache;
  kernel::runThreads(threads, [&, threads = threads, size = size](int index) {
    const kernel::Slice operations = kernel::sliceOf(size, index, threads);
    std::string value;
    for (long i = operations.begin; i < operations.end; ++i) {
      const std::string key = keyOf(kernel::Random(static_cast<std::uint64_t>(i)).below(kKeys));
      if (i % 8 == 0) {
        cache.put(key, valueOf(key));
      } else if (cache.get(key, value)) {
        kernel::require(value == valueOf(key), "value intact");
      }
    }
  });

  std::map<std::string, std::string> expected;
  for (long i = 0; i < size; i += 8) {
    const std::string key = keyOf(kernel::Random(static_cast<std::uint64_t>(i)).below(kKeys));
    expected[key] = valueOf(key);
  }
  kernel::require(cache.size() == expected.size(), "number of keys");
  kernel::Checksum checksum;
  for (const auto& [key, value] : expected) {
    std::string cached;
    kernel::require(cache.get(key, cached) && cached == value, "contents");
    checksum.add(static_cast<std::uint64_t>(cached.size()));
  }
  return kernel::finish("absl_cache", checksum);
}
