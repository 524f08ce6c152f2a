// Debug information of a small library (debug_example/), as it is and broken in thousands of ways.
#include "report/variables.h"

#include <dlfcn.h>
#include <elf.h>
#include <gtest/gtest.h>
#include <link.h>
#include <sys/mman.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

using namespace hindsight;

namespace {

struct Found {
  std::string path, function, file;
  u64 line;
};

Found take(const VariableText& text) {
  return {text.path.data(), text.function.data(), text.file.data(), text.line};
}

/// What `locals` of the example has told last.
struct Seen {
  FrameView frame;
  uptr first, second;
} seen;

void see(void* cfa, void* frame, void* first, void* second) {
  seen.frame = {};
  seen.frame.pc = reinterpret_cast<uptr>(__builtin_return_address(0));
  seen.frame.is_exact = true;
  seen.frame.cfa = reinterpret_cast<uptr>(cfa);
  seen.frame.bottom = reinterpret_cast<uptr>(__builtin_dwarf_cfa());
  seen.frame.bp = reinterpret_cast<uptr>(frame);
  seen.first = reinterpret_cast<uptr>(first);
  seen.second = reinterpret_cast<uptr>(second);
}

class Example {
 public:
  explicit Example(const char* path) : path_(path), handle_(dlopen(path, RTLD_NOW)) {
    if (handle_ == nullptr) throw std::runtime_error(dlerror());
    link_map* map;
    dlinfo(handle_, RTLD_DI_LINKMAP, &map);
    base_ = map->l_addr;
  }

  const char* path() const { return path_; }
  u64 base() const { return base_; }
  template <class T = void>
  T* symbol(const char* name) const {
    return reinterpret_cast<T*>(dlsym(handle_, name));
  }
  u64 addressOf(const char* name) const { return reinterpret_cast<uptr>(symbol(name)) - base_; }

  Found global(u64 symbol, u64 offset, u64 bytes, const char* file = nullptr) const {
    VariableText text;
    findGlobalVariable(file != nullptr ? file : path_, symbol, symbol + offset, symbol + offset + bytes, text);
    return take(text);
  }
  Found global(const char* name, u64 offset, u64 bytes) const { return global(addressOf(name), offset, bytes); }
  Found threadLocal(u64 offset, u64 bytes, const char* file = nullptr) const {
    VariableText text;
    findThreadLocalVariable(file != nullptr ? file : path_, offset, offset + bytes, text);
    return take(text);
  }
  Found local(uptr address, u64 bytes, const char* file = nullptr) const {
    VariableText text;
    findLocalVariable(file != nullptr ? file : path_, seen.frame, seen.frame.pc - 1 - base_, address,
                      address + bytes, text);
    return take(text);
  }
  void callLocals() const { symbol<void(decltype(&see), int)>("locals")(see, 3); }

 private:
  const char* path_;
  void* handle_;
  u64 base_;
};

class Variables : public testing::TestWithParam<const char*> {
 protected:
  Example example{GetParam()};

  std::string path(const char* name, u64 offset, u64 bytes) { return example.global(name, offset, bytes).path; }
};

// Of the example's types.
constexpr u64 kEntryBytes = 32, kDerivedBytes = 104, kEntriesAt = 8;
constexpr u64 entryAt(u64 element, u64 entry) { return element * kDerivedBytes + kEntriesAt + entry * kEntryBytes; }

TEST_P(Variables, GlobalsAreNamedDownToTheMember) {
  EXPECT_EQ(path("derived", entryAt(3, 1), 4), "derived[3].entries[1].count");
  EXPECT_EQ(path("derived", entryAt(3, 1) + 6, 1), "derived[3].entries[1].tag[2]");
  EXPECT_EQ(path("derived", entryAt(3, 1) + 4, 2), "derived[3].entries[1].tag[0..1]");
  EXPECT_EQ(path("derived", entryAt(3, 1) + 4, 4), "derived[3].entries[1].tag");
  EXPECT_EQ(path("derived", entryAt(0, 2), 8), "derived[0].entries[2]");
  EXPECT_EQ(path("derived", entryAt(11, 0), 2 * kEntryBytes), "derived[11].entries[0..1]");
  EXPECT_EQ(path("derived", 0, 12 * kDerivedBytes), "derived");
  EXPECT_EQ(path("plain", 0, 8), "plain");
  EXPECT_EQ(path("qualified", 4, 4), "qualified[1]");
  EXPECT_EQ(path("pointer", 0, 8), "pointer");
}

TEST_P(Variables, BitFieldsThatShareTheBytesAreAllNamed) {
  EXPECT_EQ(path("derived", entryAt(0, 0) + 8, 1), "derived[0].entries[0].{low, high}");
  EXPECT_EQ(path("derived", entryAt(0, 0) + 12, 2), "derived[0].entries[0].alone");
}

TEST_P(Variables, MembersOfUnionsAreAllNamed) {
  EXPECT_EQ(path("derived", entryAt(1, 0) + 16, 4), "derived[1].entries[0].value.{whole, real}");
  EXPECT_EQ(path("derived", entryAt(1, 0) + 24, 8), "derived[1].entries[0].{number, fraction}");
}

TEST_P(Variables, BasesAreSteppedThroughAndEmptyOnesDoNotCount) {
  EXPECT_EQ(path("derived", 7 * kDerivedBytes, 4), "derived[7].base");
}

TEST_P(Variables, NothingIsSaidOfWhatTheCompilerAddsOrLeavesOut) {
  EXPECT_EQ(path("virtual_object", 0, 8), "virtual_object");        // the virtual table pointer
  EXPECT_EQ(path("virtual_object", 8, 4), "virtual_object.state");
  EXPECT_EQ(path("virtual_object", 12, 4), "virtual_object");       // padding
  EXPECT_EQ(path("tail", 0, 4), "tail.length");
  EXPECT_EQ(path("plain", 4, 8), "");                               // half of it
}

TEST_P(Variables, ArraysOfArraysHaveAnIndexForEach) {
  EXPECT_EQ(path("grid", 4 * (2 * 4 + 1), 4), "grid[2][1]");
  EXPECT_EQ(path("grid", 4 * (1 * 4 + 2), 8), "grid[1][2..3]");
  EXPECT_EQ(path("grid", 16, 16), "grid[1]");
  EXPECT_EQ(path("grid", 16, 32), "grid[1..2]");
  EXPECT_EQ(path("grid", 12, 8), "grid[0..1]");
}

TEST_P(Variables, StaticMembersLocalsAndHiddenOnesHaveTheirNames) {
  const u64 total = reinterpret_cast<uptr>(example.symbol<int*()>("totalOf")()) - example.base();
  const u64 hidden = reinterpret_cast<uptr>(example.symbol<short*()>("hiddenOf")()) - example.base();
  const u64 calls = reinterpret_cast<uptr>(example.symbol<int*()>("staticLocal")()) - example.base();
  EXPECT_EQ(example.global(total, 0, 4).path, "Base::total");
  EXPECT_EQ(example.global(hidden, 2, 2).path, "space::(anonymous namespace)::hidden[1]");
  EXPECT_EQ(example.global(calls, 0, 4).path, "calls");
}

TEST_P(Variables, DeclarationsHaveFileAndLine) {
  const Found found = example.global("grid", 0, 4);
  EXPECT_TRUE(found.file.ends_with("debug_example/example.cpp")) << found.file;
  EXPECT_EQ(found.file.front(), '/');
  EXPECT_EQ(access(found.file.c_str(), R_OK), 0) << found.file;
  std::ifstream source(found.file);
  std::string line;
  for (u64 i = 0; i < found.line; ++i) std::getline(source, line);
  EXPECT_EQ(line, "int grid[3][4];");
  EXPECT_EQ(found.function, "");
}

TEST_P(Variables, ThreadLocalsAreNamed) {
  EXPECT_EQ(example.threadLocal(3 * kEntryBytes, 4).path, "per_thread[3].count");
  EXPECT_EQ(example.threadLocal(1000, 4).path, "");
}

TEST_P(Variables, LocalsAreThoseInScope) {
  example.callLocals();
  EXPECT_EQ(example.local(seen.first, 1).path, "first[1].tag[2]");
  EXPECT_EQ(example.local(seen.second, 8).path, "second");
  EXPECT_EQ(example.local(seen.second, 8).function, "locals()");
  // Behind the inner block, `second` is no more.
  seen.frame.pc += 64;
  for (int i = 0; i < 64 && example.local(seen.second, 8).path != ""; ++i) ++seen.frame.pc;
  EXPECT_EQ(example.local(seen.second, 8).path, "");
}

TEST_P(Variables, APlaceOutsideOfAllVariablesIsNone) {
  example.callLocals();
  EXPECT_EQ(example.local(seen.frame.cfa + 64, 4).path, "");
  seen.frame.pc = example.base() + 1;
  EXPECT_EQ(example.local(seen.second, 8).path, "");
}

// --- Broken files -----------------------------------------------------------------------------

/// A file in memory, that has a path.
class MemoryFile {
 public:
  MemoryFile() : fd_(memfd_create("broken", 0)), path_("/proc/self/fd/" + std::to_string(fd_)) {}
  ~MemoryFile() { close(fd_); }
  void write(const std::vector<char>& bytes) {
    ASSERT_EQ(ftruncate(fd_, static_cast<off_t>(bytes.size())), 0);
    ASSERT_EQ(pwrite(fd_, bytes.data(), bytes.size(), 0), static_cast<ssize_t>(bytes.size()));
  }
  const char* path() const { return path_.c_str(); }

 private:
  int fd_;
  std::string path_;
};

std::vector<char> contentsOf(const char* path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

struct Range {
  size_t begin, size;
};

/// Where the debug sections lie, and the table of sections itself.
std::vector<Range> debugSections(const std::vector<char>& file) {
  const auto& header = *reinterpret_cast<const Elf64_Ehdr*>(file.data());
  const auto* sections = reinterpret_cast<const Elf64_Shdr*>(file.data() + header.e_shoff);
  const char* names = file.data() + sections[header.e_shstrndx].sh_offset;
  std::vector<Range> ranges;
  for (int i = 0; i < header.e_shnum; ++i)
    if (std::string(names + sections[i].sh_name).starts_with(".debug_"))
      ranges.push_back({sections[i].sh_offset, sections[i].sh_size});
  ranges.push_back({header.e_shoff, header.e_shnum * sizeof(Elf64_Shdr)});
  return ranges;
}

/// Asks all the questions; any answer will do.
void askAll(const Example& example, const char* file) {
  example.global(example.addressOf("derived"), entryAt(3, 1), 4, file);
  example.global(example.addressOf("derived"), entryAt(1, 0) + 24, 8, file);
  example.global(example.addressOf("grid"), 16, 16, file);
  example.threadLocal(3 * kEntryBytes, 4, file);
  example.local(seen.first, 1, file);
  example.local(seen.second, 8, file);
}

TEST_P(Variables, BrokenBytesDoNoHarm) {
  constexpr int kFiles = 1500, kMostChanges = 8;
  example.callLocals();
  const std::vector<char> good = contentsOf(example.path());
  const std::vector<Range> sections = debugSections(good);
  MemoryFile file;
  for (int seed = 0; seed < kFiles; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937 random(static_cast<unsigned>(seed));
    std::vector<char> broken = good;
    for (unsigned change = 0; change <= random() % kMostChanges; ++change) {
      const Range section = sections[random() % sections.size()];
      const size_t at = section.begin + random() % section.size;
      // A byte that may be anything, or one of those that lead far away.
      broken[at] = random() % 2 == 0 ? static_cast<char>(random()) : "\0\xff\x7f\x80"[random() % 4];
    }
    file.write(broken);
    askAll(example, file.path());
  }
}

/// Whoever reads on behind a section's end meets the end of the mapping.
TEST_P(Variables, TruncatedSectionsDoNoHarm) {
  constexpr size_t kPage = 4096;
  example.callLocals();
  const std::vector<char> good = contentsOf(example.path());
  MemoryFile file;
  const auto& header = *reinterpret_cast<const Elf64_Ehdr*>(good.data());
  for (int section = 1; section < header.e_shnum; ++section) {
    const size_t at = header.e_shoff + section * sizeof(Elf64_Shdr);
    Elf64_Shdr entry;
    memcpy(&entry, good.data() + at, sizeof entry);
    if (entry.sh_type == SHT_NOBITS) continue;
    const size_t offset = entry.sh_offset, size = entry.sh_size;
    for (size_t part = 0; part <= 40; ++part) {
      std::vector<char> broken = good;
      entry.sh_size = part < 20 ? std::min(part, size) : size * (part - 20) / 20;
      while ((broken.size() + entry.sh_size) % kPage != 0) broken.push_back(0);
      entry.sh_offset = broken.size();
      broken.insert(broken.end(), good.begin() + static_cast<long>(offset),
                    good.begin() + static_cast<long>(offset + entry.sh_size));
      memcpy(broken.data() + at, &entry, sizeof entry);
      file.write(broken);
      askAll(example, file.path());
    }
    // Whole, and only moved: nothing is lost.
    EXPECT_EQ(example.global(example.addressOf("grid"), 16, 16, file.path()).path, "grid[1]") << section;
  }
}

TEST_P(Variables, TruncatedFilesDoNoHarm) {
  example.callLocals();
  std::vector<char> broken = contentsOf(example.path());
  MemoryFile file;
  while (!broken.empty()) {
    broken.resize(broken.size() * 9 / 10);
    file.write(broken);
    askAll(example, file.path());
    EXPECT_EQ(example.global(example.addressOf("plain"), 0, 8, file.path()).path, "");
  }
  askAll(example, "/nonexistent");
}

INSTANTIATE_TEST_SUITE_P(Dwarf, Variables, testing::Values(DEBUG_EXAMPLES),
                         [](const auto& info) { return "case" + std::to_string(info.index); });

}  // namespace
