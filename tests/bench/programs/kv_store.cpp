// kv_store.cpp - a small log-structured store on real files, with a log and background compaction.
//
//   put, remove -> write-ahead log (group commit) -> memtable (skip list)
//   full memtable -> flushed in the background to a sorted run (a file of blocks, an index, a
//   filter) too many runs -> merged in the background into one get -> memtable, the one being
//   flushed, runs from new to old
//
// Readers take no lock but to copy a shared_ptr to the current version. Writers queue up; the first
// in the queue writes the log for all of them and inserts into the memtable, so a skip list has one
// writer at a time and any number of readers [Pugh 1990].
//
// Each thread owns some keys and knows what the store must say of them; at the end the store is
// closed and opened again, the log is replayed, and everything is compared with a plain map.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "../kernels/kernel.h"

namespace {

namespace fs = std::filesystem;

/// A value, or the mark of a removed key.
struct Value {
  bool is_removed = false;
  std::string text;
};

// --- Encoding ------------------------------------------------------------------------------------

void putNumber(std::string& out, std::uint32_t number) {
  for (int shift = 0; shift < 32; shift += 8) out.push_back(static_cast<char>(number >> shift));
}

std::uint32_t takeNumber(std::string_view& in) {
  kernel::require(in.size() >= 4, "number in a file");
  std::uint32_t number = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    number |= static_cast<std::uint32_t>(static_cast<unsigned char>(in[i])) << (8 * i);
  }
  in.remove_prefix(4);
  return number;
}

void putRecord(std::string& out, std::string_view key, const Value& value) {
  putNumber(out, static_cast<std::uint32_t>(key.size()));
  putNumber(out, static_cast<std::uint32_t>(value.text.size()) << 1 | (value.is_removed ? 1 : 0));
  out += key;
  out += value.text;
}

struct Record {
  std::string_view key;
  std::string_view text;
  bool is_removed;
};

Record takeRecord(std::string_view& in) {
  const std::uint32_t key_size = takeNumber(in);
  const std::uint32_t value_word = takeNumber(in);
  const std::uint32_t value_size = value_word >> 1;
  kernel::require(in.size() >= std::size_t{key_size} + value_size, "record in a file");
  const Record record{in.substr(0, key_size), in.substr(key_size, value_size),
                      (value_word & 1) != 0};
  in.remove_prefix(std::size_t{key_size} + value_size);
  return record;
}

/// FNV-1a.
std::uint32_t hashOf(std::string_view text) {
  std::uint32_t hash = 2166136261u;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619u;
  return hash;
}

// --- Files ---------------------------------------------------------------------------------------

class File {
 public:
  File(fs::path path, int flags) : path_(std::move(path)), fd_(::open(path_.c_str(), flags, 0644)) {
    kernel::require(fd_ >= 0, "open a file");
  }
  ~File() {
    ::close(fd_);
    if (is_obsolete_) fs::remove(path_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  void append(std::string_view text) {
    while (!text.empty()) {
      const ssize_t written = ::write(fd_, text.data(), text.size());
      kernel::require(written > 0, "write a file");
      text.remove_prefix(static_cast<std::size_t>(written));
    }
  }

  std::string read(std::size_t offset, std::size_t size) const {
    std::string text(size, '\0');
    const ssize_t got = ::pread(fd_, text.data(), size, static_cast<off_t>(offset));
    kernel::require(got == static_cast<ssize_t>(size), "read a file");
    return text;
  }

  std::size_t size() const {
    struct stat status;
    kernel::require(::fstat(fd_, &status) == 0, "size of a file");
    return static_cast<std::size_t>(status.st_size);
  }

  /// The file goes with its last user.
  void makeObsolete() { is_obsolete_ = true; }

 private:
  fs::path path_;
  int fd_;
  std::atomic<bool> is_obsolete_{false};
};

// --- Memtable ------------------------------------------------------------------------------------

/// Thread safety: one writer at a time, readers at any time.
class Memtable {
 public:
  Memtable() : head_(new Node({}, {}, kLevels)) {}
  ~Memtable() {
    for (Node* node = head_; node != nullptr;) {
      delete std::exchange(node, node->next[0].load(std::memory_order_relaxed));
    }
  }
  Memtable(const Memtable&) = delete;
  Memtable& operator=(const Memtable&) = delete;

  void insert(std::string_view key, Value value) {
    std::array<Node*, kLevels> before;
    Node* node = findBefore(key, before)->next[0].load(std::memory_order_acquire);
    bytes_ += key.size() + value.text.size() + 64;
    auto fresh = std::make_unique<Value>(std::move(value));
    if (node != nullptr && node->key == key) {
      node->value.store(fresh.get(), std::memory_order_release);
      values_.push_back(std::move(fresh));
      return;
    }
    int levels = 1;
    while (levels < kLevels && random_.below(4) == 0) ++levels;
    auto* added = new Node(std::string(key), fresh.get(), levels);
    values_.push_back(std::move(fresh));
    for (std::size_t level = 0; level < static_cast<std::size_t>(levels); ++level) {
      added->next[level].store(before[level]->next[level].load(std::memory_order_relaxed),
                               std::memory_order_relaxed);
      before[level]->next[level].store(added, std::memory_order_release);
    }
  }

  /// Null if the table does not know the key.
  const Value* find(std::string_view key) const {
    const Node* node = head_;
    for (std::size_t level = kLevels; level-- > 0;) {
      for (const Node* next; (next = node->after(level)) != nullptr && next->key < key;)
        node = next;
    }
    node = node->after(0);
    if (node == nullptr || node->key != key) return nullptr;
    return node->value.load(std::memory_order_acquire);
  }

  /// Calls `visit(key, value)` in the order of the keys.
  template <typename Visit>
  void forEach(Visit visit) const {
    for (const Node* node = head_->after(0); node != nullptr; node = node->after(0)) {
      visit(node->key, *node->value.load(std::memory_order_acquire));
    }
  }

  std::size_t bytes() const { return bytes_; }  // for the writer

 private:
  static constexpr int kLevels = 10;

  struct Node {
    Node(std::string key_, const Value* value_, int levels)
        : key(std::move(key_)), value(value_), next(static_cast<std::size_t>(levels)) {}
    const Node* after(std::size_t level) const {
      return next[level].load(std::memory_order_acquire);
    }
    const std::string key;
    std::atomic<const Value*> value;
    std::vector<std::atomic<Node*>> next;
  };

  /// The last node before `key` on each level; returns that of the lowest.
  Node* findBefore(std::string_view key, std::array<Node*, kLevels>& before) {
    Node* node = head_;
    for (std::size_t level = kLevels; level-- > 0;) {
      for (Node* next; (next = node->next[level].load(std::memory_order_acquire)) != nullptr &&
                       next->key < key;) {
        node = next;
      }
      before[level] = node;
    }
    return node;
  }

  Node* head_;
  std::vector<std::unique_ptr<const Value>>
      values_;  // overwritten ones, too: readers may hold them
  std::size_t bytes_ = 0;
  kernel::Random random_{17};
};

// --- Sorted runs ---------------------------------------------------------------------------------

/// An immutable file of records in blocks. Thread safety: any.
class Run {
 public:
  explicit Run(const fs::path& path) : file_(path, O_RDONLY) {
    const std::string text = file_.read(0, file_.size());
    std::string_view rest = text;
    while (!rest.empty()) {
      const std::size_t offset = text.size() - rest.size();
      const std::uint32_t size = takeNumber(rest);
      kernel::require(size <= rest.size(), "block of a run");
      std::string_view block = rest.substr(0, size);
      blocks_.push_back({std::string(takeRecord(block).key), offset + 4, size});
      block = rest.substr(0, size);
      while (!block.empty()) addToFilter(takeRecord(block).key);
      rest.remove_prefix(size);
    }
  }

  std::optional<Value> find(std::string_view key) const {
    if (!mayContain(key)) return std::nullopt;
    const auto after = std::upper_bound(
        blocks_.begin(), blocks_.end(), key,
        [](std::string_view wanted, const Block& block) { return wanted < block.first_key; });
    if (after == blocks_.begin()) return std::nullopt;
    const std::string text = file_.read(after[-1].offset, after[-1].size);
    for (std::string_view rest = text; !rest.empty();) {
      const Record record = takeRecord(rest);
      if (record.key == key) return Value{record.is_removed, std::string(record.text)};
    }
    return std::nullopt;
  }

  /// Calls `visit(record)` in the order of the keys.
  template <typename Visit>
  void forEach(Visit visit) const {
    for (const Block& block : blocks_) {
      const std::string text = file_.read(block.offset, block.size);
      for (std::string_view rest = text; !rest.empty();) visit(takeRecord(rest));
    }
  }

  void makeObsolete() { file_.makeObsolete(); }

 private:
  struct Block {
    std::string first_key;
    std::size_t offset;
    std::size_t size;
  };

  static constexpr std::size_t kFilterBits = 1u << 18;

  /// Bloom filter [Bloom 1970] with three hashes.
  template <typename Visit>
  static void forEachBit(std::string_view key, Visit visit) {
    const std::uint64_t hash = hashOf(key) * 0x9e3779b97f4a7c15u;
    for (int i = 0; i < 3; ++i) visit((hash >> (20 * i)) % kFilterBits);
  }
  void addToFilter(std::string_view key) {
    forEachBit(key, [&](std::size_t bit) {
      filter_[bit / 8] = static_cast<std::uint8_t>(filter_[bit / 8] | 1u << (bit % 8));
    });
  }
  bool mayContain(std::string_view key) const {
    bool all = true;
    forEachBit(key,
               [&](std::size_t bit) { all = all && (filter_[bit / 8] >> (bit % 8) & 1) != 0; });
    return all;
  }

  File file_;
  std::vector<Block> blocks_;
  std::vector<std::uint8_t> filter_ = std::vector<std::uint8_t>(kFilterBits / 8);
};

class RunWriter {
 public:
  explicit RunWriter(const fs::path& path) : file_(path, O_WRONLY | O_CREAT | O_TRUNC) {}

  void add(std::string_view key, const Value& value) {
    putRecord(block_, key, value);
    if (block_.size() >= kBlockBytes) flush();
  }
  void finish() {
    if (!block_.empty()) flush();
  }

 private:
  static constexpr std::size_t kBlockBytes = 4096;

  void flush() {
    std::string header;
    putNumber(header, static_cast<std::uint32_t>(block_.size()));
    file_.append(header + block_);
    block_.clear();
  }

  File file_;
  std::string block_;
};

// --- The store -----------------------------------------------------------------------------------

/// Thread safety: any thread may call any method.
class Store {
 public:
  explicit Store(fs::path folder) : folder_(std::move(folder)) {
    recover();
    compactor_ = std::thread([this] { workInBackground(); });
  }

  ~Store() {
    {
      std::lock_guard lock(mutex_);
      is_closing_ = true;
    }
    work_.notify_all();
    compactor_.join();
  }
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  void put(std::string key, std::string text) { write({std::move(key), {false, std::move(text)}}); }
  void remove(std::string key) { write({std::move(key), {true, {}}}); }

  std::optional<std::string> get(std::string_view key) const {
    const std::shared_ptr<const Version> version = currentVersion();
    const auto textOf = [](const Value& value) {
      return value.is_removed ? std::nullopt : std::optional(value.text);
    };
    if (const Value* value = version->active->find(key)) return textOf(*value);
    if (version->flushing) {
      if (const Value* value = version->flushing->find(key)) return textOf(*value);
    }
    for (const std::shared_ptr<Run>& run : version->runs) {
      if (const std::optional<Value> value = run->find(key)) return textOf(*value);
    }
    return std::nullopt;
  }

  int flushes() const { return flushes_.load(std::memory_order_relaxed); }
  int compactions() const { return compactions_.load(std::memory_order_relaxed); }

 private:
  static constexpr std::size_t kMemtableBytes = 1 << 20;
  static constexpr std::size_t kMostRuns = 4;

  struct Version {
    std::shared_ptr<Memtable> active;
    std::shared_ptr<const Memtable> flushing;
    std::vector<std::shared_ptr<Run>> runs;  // newest first
  };

  struct Writer {
    std::string key;
    Value value;
    bool is_done = false;
  };

  std::shared_ptr<const Version> currentVersion() const {
    std::lock_guard lock(version_mutex_);
    return version_;
  }

  template <typename Change>
  void changeVersion(Change change) {
    std::lock_guard lock(version_mutex_);
    auto changed = version_ ? std::make_shared<Version>(*version_) : std::make_shared<Version>();
    change(*changed);
    version_ = std::move(changed);
  }

  fs::path pathOf(const char* kind, int number) const {
    return folder_ / (std::string(kind) + "-" + std::to_string(number));
  }

  /// Group commit: the first writer in the queue works for all that are waiting.
  void write(Writer writer) {
    std::unique_lock lock(mutex_);
    queue_.push_back(&writer);
    committed_.wait(lock, [&] { return writer.is_done || queue_.front() == &writer; });
    if (writer.is_done) return;
    makeRoom(lock);
    const std::vector<Writer*> group(queue_.begin(), queue_.end());
    const std::shared_ptr<Memtable> memtable = currentVersion()->active;
    lock.unlock();
    commit(group, *memtable);
    lock.lock();
    for (Writer* done : group) {
      queue_.pop_front();
      done->is_done = true;
    }
    committed_.notify_all();
  }

  /// Only by the first writer in the queue, without the lock.
  void commit(const std::vector<Writer*>& group, Memtable& memtable) {
    std::string log;
    for (const Writer* writer : group) {
      std::string record;
      putRecord(record, writer->key, writer->value);
      putNumber(log, static_cast<std::uint32_t>(record.size()));
      putNumber(log, hashOf(record));
      log += record;
    }
    log_->append(log);
    for (Writer* writer : group) memtable.insert(writer->key, std::move(writer->value));
    memtable_bytes_ = memtable.bytes();
  }

  /// Starts a new memtable if the present one is full and the last one has been flushed.
  void makeRoom(std::unique_lock<std::mutex>& lock) {
    if (memtable_bytes_ < kMemtableBytes) return;
    flushed_.wait(lock, [&] { return !is_flushing_; });
    old_log_ = std::move(log_);
    openLog();
    memtable_bytes_ = 0;
    changeVersion([](Version& version) {
      version.flushing = std::exchange(version.active, std::make_shared<Memtable>());
    });
    is_flushing_ = true;
    work_.notify_one();
  }

  void openLog() {
    log_ = std::make_unique<File>(pathOf("log", ++last_log_), O_WRONLY | O_CREAT | O_APPEND);
  }

  void workInBackground() {
    std::unique_lock lock(mutex_);
    for (;;) {
      work_.wait(lock, [&] { return is_flushing_ || is_closing_; });
      if (!is_flushing_) return;
      lock.unlock();
      flush();
      lock.lock();
      is_flushing_ = false;
      old_log_->makeObsolete();
      old_log_.reset();
      flushed_.notify_all();
      lock.unlock();
      if (currentVersion()->runs.size() > kMostRuns) compact();
      lock.lock();
    }
  }

  void flush() {
    const std::shared_ptr<const Version> version = currentVersion();
    const fs::path path = pathOf("run", ++last_run_);
    RunWriter writer(path);
    version->flushing->forEach(
        [&](std::string_view key, const Value& value) { writer.add(key, value); });
    writer.finish();
    auto run = std::make_shared<Run>(path);
    changeVersion([&](Version& changed) {
      changed.runs.insert(changed.runs.begin(), run);
      changed.flushing = nullptr;
    });
    runs_on_disk_.insert(runs_on_disk_.begin(), last_run_);
    writeManifest();
    flushes_.fetch_add(1, std::memory_order_relaxed);
  }

  /// Merges all runs into one: the newest value of a key counts, removed keys vanish.
  void compact() {
    const std::vector<std::shared_ptr<Run>> old = currentVersion()->runs;
    std::map<std::string, Value, std::less<>> merged;
    for (const std::shared_ptr<Run>& run : old) {
      run->forEach([&](const Record& record) {
        merged.try_emplace(std::string(record.key), record.is_removed, std::string(record.text));
      });
    }
    const fs::path path = pathOf("run", ++last_run_);
    RunWriter writer(path);
    for (const auto& [key, value] : merged) {
      if (!value.is_removed) writer.add(key, value);
    }
    writer.finish();
    auto run = std::make_shared<Run>(path);
    changeVersion([&](Version& changed) { changed.runs = {run}; });  // only this thread adds runs
    runs_on_disk_ = {last_run_};
    writeManifest();
    for (const std::shared_ptr<Run>& obsolete : old) obsolete->makeObsolete();
    compactions_.fetch_add(1, std::memory_order_relaxed);
  }

  /// The runs that count, newest first.
  void writeManifest() const {
    const fs::path draft = folder_ / "manifest.new";
    std::ofstream file(draft);
    for (const int number : runs_on_disk_) file << number << '\n';
    file.close();
    kernel::require(!file.fail(), "write the manifest");
    fs::rename(draft, folder_ / "manifest");
  }

  void recover() {
    changeVersion([](Version& version) { version.active = std::make_shared<Memtable>(); });
    std::ifstream manifest(folder_ / "manifest");
    for (int number; manifest >> number;) {
      runs_on_disk_.push_back(number);
      last_run_ = std::max(last_run_, number);
      changeVersion([&](Version& version) {
        version.runs.push_back(std::make_shared<Run>(pathOf("run", number)));
      });
    }
    std::vector<int> logs;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder_)) {
      const std::string name = entry.path().filename();
      if (name.starts_with("log-")) logs.push_back(std::stoi(name.substr(4)));
    }
    std::sort(logs.begin(), logs.end());
    for (const int number : logs) replay(pathOf("log", number));
    last_log_ = logs.empty() ? 0 : logs.back();
    openLog();
  }

  void replay(const fs::path& path) {
    const File file(path, O_RDONLY);
    const std::string text = file.read(0, file.size());
    for (std::string_view rest = text; !rest.empty();) {
      const std::uint32_t size = takeNumber(rest);
      const std::uint32_t hash = takeNumber(rest);
      kernel::require(size <= rest.size() && hashOf(rest.substr(0, size)) == hash, "log record");
      std::string_view body = rest.substr(0, size);
      const Record record = takeRecord(body);
      version_->active->insert(record.key, {record.is_removed, std::string(record.text)});
      rest.remove_prefix(size);
    }
    memtable_bytes_ = version_->active->bytes();
  }

  const fs::path folder_;

  mutable std::mutex version_mutex_;
  std::shared_ptr<const Version> version_;

  std::mutex mutex_;
  std::condition_variable committed_;  // a group of writers is done, or the queue has a new first
  std::condition_variable work_;       // for the background thread
  std::condition_variable flushed_;
  std::deque<Writer*> queue_;
  bool is_flushing_ = false;
  bool is_closing_ = false;

  // Of the first writer in the queue.
  std::unique_ptr<File> log_;
  std::unique_ptr<File> old_log_;  // handed to the background thread with is_flushing_
  std::size_t memtable_bytes_ = 0;
  int last_log_ = 0;

  // Of the background thread.
  std::vector<int> runs_on_disk_;
  int last_run_ = 0;
  std::atomic<int> flushes_{0};
  std::atomic<int> compactions_{0};
  std::thread compactor_;
};

// --- The workload --------------------------------------------------------------------------------

constexpr int kPartitions = 16;
constexpr std::uint64_t kKeysPerPartition = 1500;

std::string keyOf(int partition, std::uint64_t number) {
  return "user:" + std::to_string(partition) + ":" + std::to_string(number);
}

std::string valueOf(const std::string& key, std::uint64_t version) {
  std::string text = key + "=" + std::to_string(version) + ";";
  text.append(20 + version % 80, static_cast<char>('a' + version % 26));
  return text;
}

using Model = std::map<std::string, std::string>;

/// Puts, removes and reads keys of one partition, and reads others'. The model knows the truth.
void usePartition(Store& store, int partition, long operations, Model& model) {
  kernel::Random random(static_cast<std::uint64_t>(partition) + 100);
  for (long i = 0; i < operations; ++i) {
    const std::string key = keyOf(partition, random.below(kKeysPerPartition));
    const std::uint64_t choice = random.below(10);
    if (choice < 4) {
      const std::string value = valueOf(key, random.next() % 1000);
      store.put(key, value);
      model[key] = value;
    } else if (choice < 5) {
      store.remove(key);
      model.erase(key);
    } else if (choice < 8) {
      const std::optional<std::string> value = store.get(key);
      const auto expected = model.find(key);
      kernel::require(value.has_value() == (expected != model.end()), "key is there");
      kernel::require(!value || *value == expected->second, "value of an own key");
    } else {
      const std::string other =
          keyOf(static_cast<int>(random.below(kPartitions)), random.below(kKeysPerPartition));
      const std::optional<std::string> value = store.get(other);
      kernel::require(!value || value->starts_with(other + "="), "value of another's key");
    }
  }
}

fs::path scratchFolder() {
  std::string name = (fs::temp_directory_path() / "kv-store-XXXXXX").string();
  kernel::require(mkdtemp(name.data()) != nullptr, "scratch folder");
  return name;
}

}  // namespace

int main(int argc, char** argv) {
  const auto [threads, size] = kernel::parseArguments(argc, argv, 200'000);
  const fs::path folder = scratchFolder();
  std::vector<Model> models(kPartitions);
  {
    Store store(folder);
    kernel::runThreads(threads, [&, threads = threads, size = size](int index) {
      for (int p = index; p < kPartitions; p += threads) {
        usePartition(store, p, size / kPartitions, models[static_cast<std::size_t>(p)]);
      }
    });
    kernel::require(store.flushes() > 0, "memtables were flushed");
  }

  const Store reopened(folder);
  kernel::Checksum checksum;
  for (int p = 0; p < kPartitions; ++p) {
    const Model& model = models[static_cast<std::size_t>(p)];
    for (std::uint64_t k = 0; k < kKeysPerPartition; ++k) {
      const std::string key = keyOf(p, k);
      const std::optional<std::string> value = reopened.get(key);
      const auto expected = model.find(key);
      kernel::require(value.has_value() == (expected != model.end()), "key after reopening");
      if (!value) continue;
      kernel::require(*value == expected->second, "value after reopening");
      checksum.add(std::uint64_t{hashOf(*value)});
    }
  }
  fs::remove_all(folder);
  return kernel::finish("kv_store", checksum);
}
