// races.cpp - threads race on each of many fresh variables; every one must be reported.
//
//   races CASE [VARIABLES]      prints what was found; see run.sh for the verdict
//   races --list                prints each case's name and how many variables must be found of
//                               100: "100" (a race on each) or "0" (none: the accesses only touch)
//
// A variable is one slot of a big array, accessed once by every thread. Threads are brought
// together by referee.h before each access and are otherwise unordered.
#include <atomic>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <new>
#include <string_view>
#include <thread>
#include <vector>

#include "referee.h"

namespace {

using Slot = unsigned char*;
using Access = void (*)(Slot slot, std::size_t index);

// ---- Single accesses -------------------------------------------------------------------------

template <typename T, std::size_t kOffset = 0>
void increment(Slot slot, std::size_t) {
  ++*reinterpret_cast<T*>(slot + kOffset);
}

template <typename T, std::size_t kOffset = 0>
void decrement(Slot slot, std::size_t) {
  --*reinterpret_cast<T*>(slot + kOffset);
}

template <typename T, std::size_t kOffset = 0>
void write(Slot slot, std::size_t index) {
  *reinterpret_cast<T*>(slot + kOffset) = static_cast<T>(index);
}

/// Keeps the compiler from dropping a read.
template <typename T>
void use(const T& value) {
  asm volatile("" : : "m"(value));
}

template <typename T, std::size_t kOffset = 0>
void read(Slot slot, std::size_t) {
  const T value = *reinterpret_cast<T*>(slot + kOffset);
  use(value);
}

/// One byte of the slot's first word, another one each time.
void writeByteOfWord(Slot slot, std::size_t index) { slot[index % 4] = 1; }

/// Eight bytes that lie in three aligned words.
void writeUnaligned(Slot slot, std::size_t index) { std::memcpy(slot + 3, &index, sizeof index); }
void writeUnalignedLastByte(Slot slot, std::size_t) { slot[10] = 1; }

template <std::size_t kFirst>
void writeTwoBytes(Slot slot, std::size_t) {
  slot[kFirst] = 1;
  asm volatile("" : : : "memory");
  slot[kFirst + 1] = 2;
}

// ---- Ranges ------------------------------------------------------------------------------------

/// Two ranges that share exactly one element, or none, at a place that differs from slot to slot.
template <std::size_t kElements>
struct Split {
  static std::size_t at(std::size_t index) { return 1 + index * 7919 % (kElements - 2); }
};

unsigned char source[4096];

template <std::size_t kSize, std::size_t kShared = 1>
void copyLowerPart(Slot slot, std::size_t index) {
  std::memcpy(slot, source, Split<kSize>::at(index) + kShared);
}

template <std::size_t kSize>
void copyUpperPart(Slot slot, std::size_t index) {
  const std::size_t from = Split<kSize>::at(index);
  std::memcpy(slot + from, source, kSize - from);
}

/// Reads the upper part: the memcpy's source is the slot.
template <std::size_t kSize>
void copyUpperPartOut(Slot slot, std::size_t index) {
  unsigned char copy[kSize];
  const std::size_t from = Split<kSize>::at(index);
  std::memcpy(copy, slot + from, kSize - from);
  use(copy);
}

template <typename T>
void addTo(T* elements, std::size_t begin, std::size_t end) {
  for (std::size_t i = begin; i < end; ++i) elements[i] += static_cast<T>(i);
}

template <typename T, std::size_t kElements, std::size_t kShared = 1>
void loopOverLowerPart(Slot slot, std::size_t index) {
  addTo(reinterpret_cast<T*>(slot), 0, Split<kElements>::at(index) + kShared);
}

template <typename T, std::size_t kElements>
void loopOverUpperPart(Slot slot, std::size_t index) {
  addTo(reinterpret_cast<T*>(slot), Split<kElements>::at(index), kElements);
}

template <typename T, std::size_t kElements>
void sumUpperPart(Slot slot, std::size_t index) {
  const T* elements = reinterpret_cast<const T*>(slot);
  T sum = 0;
  for (std::size_t i = Split<kElements>::at(index); i < kElements; ++i) sum += elements[i];
  use(sum);
}

template <typename T, std::size_t kElements>
void writeSplitElement(Slot slot, std::size_t index) {
  reinterpret_cast<T*>(slot)[Split<kElements>::at(index)] = 1;
}

// ---- Two threads ---------------------------------------------------------------------------

struct Case {
  const char* name;
  std::size_t slot_size;
  Access first;
  Access second;
  bool races = true;
};

using Int128 = unsigned __int128;

constexpr Case kCases[] = {
    {"increment_1", 64, increment<std::uint8_t>, decrement<std::uint8_t>},
    {"increment_2", 64, increment<std::uint16_t>, decrement<std::uint16_t>},
    {"increment_4", 64, increment<std::uint32_t>, decrement<std::uint32_t>},
    {"increment_8", 64, increment<std::uint64_t>, decrement<std::uint64_t>},
    {"increment_16", 64, increment<Int128>, decrement<Int128>},
    {"write_read_1", 64, write<std::uint8_t>, read<std::uint8_t>},
    {"write_read_2", 64, write<std::uint16_t>, read<std::uint16_t>},
    {"write_read_4", 64, write<std::uint32_t>, read<std::uint32_t>},
    {"write_read_8", 64, write<std::uint64_t>, read<std::uint64_t>},
    {"write_read_16", 64, write<Int128>, read<Int128>},
    {"byte_of_word", 64, write<std::uint32_t>, writeByteOfWord},
    {"byte_of_read_word", 64, read<std::uint32_t>, writeByteOfWord},
    {"unaligned", 64, writeUnaligned, writeUnalignedLastByte},
    {"shared_byte_of_three", 64, writeTwoBytes<0>, writeTwoBytes<1>},
    {"memcpy_memcpy", 64, copyLowerPart<48>, copyUpperPart<48>},
    {"memcpy_from", 64, copyLowerPart<48>, copyUpperPartOut<48>},
    {"memcpy_2k", 2048, copyLowerPart<2040>, copyUpperPart<2040>},
    {"memcpy_byte", 64, copyUpperPart<48>, writeSplitElement<unsigned char, 48>},
    {"loop_loop_1", 64, loopOverLowerPart<std::uint8_t, 48>, loopOverUpperPart<std::uint8_t, 48>},
    {"loop_loop_4", 128, loopOverLowerPart<std::uint32_t, 30>,
     loopOverUpperPart<std::uint32_t, 30>},
    {"loop_loop_8", 512, loopOverLowerPart<double, 60>, loopOverUpperPart<double, 60>},
    {"loop_sum_4", 128, loopOverLowerPart<std::uint32_t, 30>, sumUpperPart<std::uint32_t, 30>},
    {"loop_element_8", 512, loopOverUpperPart<double, 60>, writeSplitElement<double, 60>},
    {"sum_element_4", 512, sumUpperPart<std::uint32_t, 120>, writeSplitElement<std::uint32_t, 120>},

    {"adjacent_1", 64, increment<std::uint8_t>, increment<std::uint8_t, 1>, false},
    {"adjacent_2", 64, increment<std::uint16_t>, increment<std::uint16_t, 2>, false},
    {"adjacent_4", 64, increment<std::uint32_t>, increment<std::uint32_t, 4>, false},
    {"adjacent_write_read", 64, write<std::uint8_t, 2>, read<std::uint8_t, 3>, false},
    {"adjacent_byte_pairs", 64, writeTwoBytes<0>, writeTwoBytes<2>, false},
    {"adjacent_memcpy", 64, copyLowerPart<48, 0>, copyUpperPart<48>, false},
    {"adjacent_memcpy_2k", 2048, copyLowerPart<2040, 0>, copyUpperPart<2040>, false},
    {"adjacent_loop_1", 64, loopOverLowerPart<std::uint8_t, 48, 0>,
     loopOverUpperPart<std::uint8_t, 48>, false},
    {"adjacent_loop_4", 128, loopOverLowerPart<std::uint32_t, 30, 0>,
     loopOverUpperPart<std::uint32_t, 30>, false},
    {"readers_only", 64, read<std::uint64_t>, read<std::uint64_t>, false},
};

void runTwoThreads(const Case& test, Slot slots, std::size_t variables) {
  const auto race = [=](Access access) {
    for (std::size_t i = 0; i < variables; ++i) {
      referee::meet(2);
      access(slots + i * test.slot_size, i);
    }
  };
  std::thread first(race, test.first);
  std::thread second(race, test.second);
  first.join();
  second.join();
}

// ---- Eight readers, one writer ---------------------------------------------------------------

// Seven of the readers are ordered before the writer by a release and an acquire, so a race is left
// with the first reader only, whose read must not be lost among the others.
struct ReadersCase {
  const char* name;
  bool first_reads_with_others;
  bool first_releases_too;
};

constexpr ReadersCase kReadersCases[] = {
    {"readers_first_races", false, false},
    {"readers_together", true, false},
    {"readers_all_ordered", true, true},
};

void runReaders(const ReadersCase& test, Slot slots, std::size_t variables) {
  constexpr unsigned kReaders = 8;
  constexpr unsigned kThreads = kReaders + 1;
  constexpr std::size_t kSlotSize = 64;
  constexpr std::size_t kBatch = 100;  // nine threads meet seldom enough for two cores
  std::atomic<unsigned> readers_done{0};

  const auto readBatch = [=](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) read<std::uint32_t>(slots + i * kSlotSize, i);
  };
  const auto takePart = [&](unsigned thread) {
    const bool is_first = thread == 0;
    const bool is_writer = thread == kReaders;
    for (std::size_t begin = 0; begin < variables; begin += kBatch) {
      const std::size_t end = begin + kBatch < variables ? begin + kBatch : variables;
      if (is_first && !test.first_reads_with_others) readBatch(begin, end);
      referee::meet(kThreads);
      if (!is_writer && (!is_first || test.first_reads_with_others)) readBatch(begin, end);
      if (!is_writer && (!is_first || test.first_releases_too)) {
        readers_done.fetch_add(1, std::memory_order_release);
      }
      referee::meet(kThreads);
      if (is_writer) {
        readers_done.load(std::memory_order_acquire);
        for (std::size_t i = begin; i < end; ++i) write<std::uint32_t>(slots + i * kSlotSize, i);
      }
    }
  };
  std::vector<std::thread> threads;
  for (unsigned thread = 0; thread < kThreads; ++thread) threads.emplace_back(takePart, thread);
  for (std::thread& thread : threads) thread.join();
}

// ---- Program -----------------------------------------------------------------------------------

int list() {
  for (const Case& test : kCases) std::printf("%s %d\n", test.name, test.races ? 100 : 0);
  for (const ReadersCase& test : kReadersCases) {
    std::printf("%s %d\n", test.name, test.first_releases_too ? 0 : 100);
  }
  return 0;
}

template <typename Run>
int playAndScore(std::size_t slot_size, std::size_t variables, Run run) {
  const auto alignment = std::align_val_t{64};
  auto* slots = static_cast<Slot>(operator new(slot_size* variables, alignment));
  referee::watch(slots, slot_size, variables);
  run(slots);
  const referee::Score score = referee::score();
  std::printf("found %zu of %zu; %zu reports, %zu stray; started together %zu.%zu %%\n",
              score.found, variables, score.reports, score.stray, score.together_per_mille / 10,
              score.together_per_mille % 10);
  operator delete(slots, alignment);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view name = argc > 1 ? argv[1] : "";
  const long variables = argc > 2 ? std::atol(argv[2]) : 20'000;
  if (name == "--list") return list();
  for (const Case& test : kCases) {
    if (name != test.name || variables <= 0) continue;
    const auto count = static_cast<std::size_t>(variables);
    return playAndScore(test.slot_size, count, [&](Slot s) { runTwoThreads(test, s, count); });
  }
  for (const ReadersCase& test : kReadersCases) {
    if (name != test.name || variables <= 0) continue;
    const auto count = static_cast<std::size_t>(variables);
    return playAndScore(64, count, [&](Slot s) { runReaders(test, s, count); });
  }
  std::fprintf(stderr, "usage: races CASE [VARIABLES], races --list\n");
  return 2;
}
