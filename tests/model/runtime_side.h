// runtime_side.h - plays the events of the model test on the real runtime.
//
// Several threads of the program live in one OS thread: before each event the thread-local block is
// handed to the simulated thread whose turn it is. An access goes through the inline test first, as
// instrumented code does. Races come out of the runtime by its test hook.
#pragma once

// clang-format off
// entry/ is not part of the library that tests link. First, as it is written to be compiled without
// a standard library around it.
#include "entry/access.cpp"
#include "entry/access_few.cpp"
#include "entry/atomic_calls.cpp"
#include "entry/atomics.cpp"
#include "entry/long_range.cpp"
#include "entry/range_simd.cpp"
#include "entry/reset.cpp"
// clang-format on

#include <map>
#include <type_traits>
#include <vector>

#include "core/shadow_map.h"
#include "model/events.h"
#include "report/race_found.h"
#include "sync/sync.h"
#include "threads/alone.h"
#include "threads/recycle.h"
#include "threads/runtime_scope.h"
#include "threads/thread.h"

namespace hindsight_model {

using hindsight::uptr;

/// What the runtime said of one line.
struct Reported {
  int first_byte;          // of the line, as an offset in memory
  std::vector<int> bytes;  // offsets of the raced bytes
  int thread;              // of the earlier access; -1 if its record is gone
  bool conflicts;          // the two kinds do conflict
};

class RuntimeSide {
 public:
  RuntimeSide() : arena_(alignedArena()) {
    the_one = this;
    hindsight::race_found_hook = [](hindsight::Thread&, const hindsight::CurrentAccess& current,
                                    uptr line, const hindsight::RacedEntry& prior) {
      the_one->collect(current, line, prior);
    };
    addThread(0, hindsight::simulateThread(nullptr));
  }

  /// Performs `event`; returns what was reported.
  std::vector<Reported> perform(const Event& event) {
    reported_.clear();
    hindsight::Thread& thread = switchTo(event.thread);
    const uptr address = arena_ + static_cast<uptr>(event.offset);
    const auto bytes = static_cast<size_t>(event.bytes);
    switch (event.what) {
      case What::Read:
        access(thread, address, bytes, false);
        break;
      case What::Write:
        access(thread, address, bytes, true);
        break;
      case What::AtomicLoad:
      case What::AtomicStore:
      case What::AtomicUpdate:
      case What::CompareFails:
      case What::CompareSucceeds:
        switch (bytes) {
          case 1:
            atomic<hindsight::u8>(event, address);
            break;
          case 2:
            atomic<hindsight::u16>(event, address);
            break;
          case 4:
            atomic<hindsight::u32>(event, address);
            break;
          case 8:
            atomic<hindsight::u64>(event, address);
            break;
          default:
            atomic<hindsight::u128>(event, address);
            break;
        }
        break;
      case What::Fence:
        hindsight::__hindsight_atomic_fence(event.order);
        break;
      default:
        synchronise(event, thread, address, bytes);
        break;
    }
    return reported_;
  }

  void reset(int offset, int bytes) {
    hindsight::RuntimeScope scope;
    hindsight::resetShadow(arena_ + static_cast<uptr>(offset), static_cast<size_t>(bytes));
  }

  /// Uses up the chunks of the threads that `which` has a bit for, then recycles stamps: nobody may
  /// notice.
  void recycle(unsigned which) {
    hindsight::RuntimeScope scope;
    for (const auto& [id, thread] : threads_)
      if ((which >> id % 32 & 1) != 0)
        for (const hindsight::u32 chunk = thread->chunk; thread->chunk == chunk;)
          hindsight::tick(*thread);
    hindsight::recycleStamps(true);
  }

  /// The threads of a run, but the first, have been joined: a new run may use their numbers.
  void startOver() {
    reset(0, kArenaBytes);
    hindsight::Thread* first = threads_[0];
    threads_.clear();
    everyone_.clear();
    addThread(0, first);
  }

 private:
  static constexpr uptr kPc = 0x1234;

  static uptr alignedArena() {
    alignas(kMemoryBytes) static unsigned char arena[kArenaBytes];
    return reinterpret_cast<uptr>(arena);
  }

  void addThread(int id, hindsight::Thread* thread) {
    threads_[id] = thread;
    everyone_[id] = thread->id;
  }

  hindsight::Thread& switchTo(int id) {
    hindsight::TlsBlock& tls = hindsight::__hindsight_tls;
    hindsight::Thread* thread = threads_.at(id);
    if (tls.thread == thread) return *thread;
    if (tls.thread != nullptr) tls.thread->tls = nullptr;
    tls.thread = thread;
    tls.stack = thread->history.stack.base + 1;
    thread->tls = &tls;
    tls.cell = hindsight::inlineCell(*thread);
    hindsight::setImages(tls, *thread);
    return *thread;
  }

  /// The inline test of instrumented code: are all words recorded in this epoch, by full cells?
  static bool inlineTestHits(const hindsight::Thread& thread, uptr address, size_t bytes,
                             bool writes) {
    const auto own = static_cast<hindsight::Cell>(hindsight::__hindsight_tls.cell);
    for (uptr word = hindsight::roundDown(address, 4); word < address + bytes; word += 4)
      if (*(writes ? hindsight::writeCell(word)
                   : hindsight::readCell(word, thread.read_group)) != own)
        return false;
    return true;
  }

  void access(hindsight::Thread& thread, uptr address, size_t bytes, bool writes) {
    if (inlineTestHits(thread, address, bytes, writes)) return;
    hindsight::RuntimeScope scope;
    const hindsight::AccessSite site{kPc, hindsight::__hindsight_tls.stack};
    if (quickly(thread, site, address, bytes, writes)) return;
    if (bytes > kMemoryBytes / 2)
      hindsight::checkLongRange(thread, address, bytes, writes, site);
    else
      hindsight::checkAccess(thread, address, bytes, writes, site);
  }

  /// As entry/access_abi.cpp does: small accesses have a road of their own.
  static bool quickly(hindsight::Thread& thread, const hindsight::AccessSite& site, uptr address,
                      size_t bytes, bool writes) {
    const auto access = [&](auto size) {
      return writes ? hindsight::quickAccess<size, true>(thread, site.top, address, site.pc)
                    : hindsight::quickAccess<size, false>(thread, site.top, address, site.pc);
    };
    const auto few = [&] {
      // As the interceptors do (intercept/intercepted_call.cpp).
      if ((address + bytes) % 3 == 0 && hindsight::isFew(thread, address, bytes)) {
        const hindsight::FewWords words(thread, address, bytes);
        return writes ? words.areRecorded<true>(thread) ||
                            hindsight::recordFew<true>(thread, site.top, address, bytes, site.pc)
                      : words.areRecorded<false>(thread) ||
                            hindsight::recordFew<false>(thread, site.top, address, bytes, site.pc);
      }
      return writes ? hindsight::quickFew<true>(thread, site.top, address, bytes, site.pc)
                    : hindsight::quickFew<false>(thread, site.top, address, bytes, site.pc);
    };
    switch (bytes) {
      case 1: return access(std::integral_constant<hindsight::u32, 1>()) || few();
      case 2: return access(std::integral_constant<hindsight::u32, 2>()) || few();
      case 4: return access(std::integral_constant<hindsight::u32, 4>()) || few();
      case 8: return access(std::integral_constant<hindsight::u32, 8>()) || few();
      case 16:
        return (writes ? hindsight::quickAccess16<true>(thread, site.top, address, site.pc)
                       : hindsight::quickAccess16<false>(thread, site.top, address, site.pc)) ||
               few();
      default: return bytes <= hindsight::kFewBytes && few();
    }
  }

  template <class T>
  void atomic(const Event& event, uptr address) {
    auto* object = reinterpret_cast<volatile T*>(address);
    const T value = *object;
    const T other = static_cast<T>(value + 1);
    switch (event.what) {
      case What::AtomicLoad:
        hindsight::atomicLoad<T>(object, event.order, kPc);
        break;
      case What::AtomicStore:
        hindsight::atomicStore<T>(object, other, event.order, kPc);
        break;
      case What::AtomicUpdate:
        hindsight::atomicUpdate<T>(object, 1, hindsight::Update::Add, event.order, kPc);
        break;
      default:
        hindsight::atomicCompareExchange<T>(object,
                                            event.what == What::CompareSucceeds ? value : other,
                                            other, event.order, event.failure_order, kPc);
        break;
    }
  }

  void synchronise(const Event& event, hindsight::Thread& thread, uptr address, size_t bytes) {
    hindsight::RuntimeScope scope;
    switch (event.what) {
      case What::Lock:
        hindsight::lockObtained(thread, address, hindsight::LockMode::Exclusive, kPc);
        break;
      case What::LockShared:
        hindsight::lockObtained(thread, address, hindsight::LockMode::Shared, kPc);
        break;
      case What::Unlock:
        hindsight::lockReleasing(thread, address);
        break;
      case What::Acquire:
        hindsight::acquire(thread, address);
        break;
      case What::Release:
        hindsight::release(thread, address);
        break;
      case What::ReleaseStore:
        hindsight::releaseStore(thread, address);
        break;
      case What::AcquireRelease:
        hindsight::acquireRelease(thread, address);
        break;
      case What::Create:
        addThread(event.other_thread, hindsight::simulateThread(&thread));
        break;
      case What::Join: {
        hindsight::Thread* joined = threads_.at(event.other_thread);
        hindsight::finishThread(joined);
        hindsight::joinThread(thread, joined);
        if (hindsight::isAlone(thread) && joined->id % 2 == 0) hindsight::dropPast(true);
        threads_.erase(event.other_thread);
        break;
      }
      case What::Free:
        hindsight::checkFree(thread, address, bytes, {kPc, hindsight::__hindsight_tls.stack});
        hindsight::resetShadow(address, bytes);
        break;
      default:
        hindsight::resetShadow(address, bytes);
        break;
    }
  }

  void collect(const hindsight::CurrentAccess& current, uptr line,
               const hindsight::RacedEntry& prior) {
    Reported reported{
        static_cast<int>(line - arena_), {}, -1, hindsight::conflict(current.kind, prior.kind)};
    for (int bit = 0; bit < 64; ++bit)
      if ((prior.bytes >> bit & 1) != 0) reported.bytes.push_back(reported.first_byte + bit);
    // Ended threads keep their records for a while; a slot may have had several.
    hindsight::lockRegistry();
    const hindsight::Thread* thread = hindsight::threadOf(hindsight::resolve(prior.stamp));
    hindsight::unlockRegistry();
    for (const auto& [id, candidate] : everyone_)
      if (thread != nullptr && candidate == thread->id) reported.thread = id;
    reported_.push_back(reported);
  }

  static inline RuntimeSide* the_one = nullptr;
  uptr arena_;
  std::map<int, hindsight::Thread*> threads_;
  std::map<int, hindsight::u32> everyone_;  // number in the run -> id in the registry
  std::vector<Reported> reported_;
};

}  // namespace hindsight_model
