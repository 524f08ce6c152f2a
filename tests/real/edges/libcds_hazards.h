// libcds_hazards.h - the half of libcds' hazard pointers that is compiled into libcds.so.
//
// A reader publishes the node it is about to read in a hazard slot, and clears the slot (release)
// when it is done; both stand in headers and are instrumented. The scan that loads every slot
// (acquire) before nodes are freed is compiled code: a detector cannot see those loads, and would
// have to call the following free a race. FencedAllocator repeats them in instrumented code: it
// loads all slots with acquire order right before a node is freed. A slot holds the clearing
// store, or a later one of the same thread, so the edge is the one that the scan relied on.
//
// Use: every thread that attaches to libcds constructs a `HazardSlots::Registration`.
// Thread safety: the registry is append-only and lock-free for readers.
#pragma once

#include <cds/gc/hp.h>

#include <array>
#include <atomic>
#include <memory>

/// The hazard slots of all threads that ever attached.
class HazardSlots {
 public:
  /// Attaches the calling thread to libcds and adds its slots.
  class Registration {
   public:
    Registration() {
      cds::threading::Manager::attachThread();
      (void)handovers_.load(std::memory_order_acquire);
      const size_t index = count_.fetch_add(1, std::memory_order_relaxed);
      threads_.at(index).store(cds::gc::hp::smr::tls(), std::memory_order_release);
    }
    ~Registration() {
      handovers_.fetch_add(1, std::memory_order_release);
      cds::threading::Manager::detachThread();
    }
    Registration(const Registration&) = delete;
    Registration& operator=(const Registration&) = delete;
  };

  /// Orders everything that readers did before they cleared a slot before what follows.
  static void acquireAll() {
    for (std::atomic<cds::gc::hp::thread_data*>& entry : threads_) {
      cds::gc::hp::thread_data* thread = entry.load(std::memory_order_acquire);
      if (thread == nullptr) continue;
      for (size_t i = 0; i < thread->hazards_.capacity(); ++i) {
        (void)thread->hazards_.begin()[i].get(std::memory_order_acquire);
      }
    }
  }

  /// Forgets all slots; before cds::Terminate() frees them. No other thread may be attached.
  static void clear() {
    for (auto& entry : threads_) entry.store(nullptr, std::memory_order_relaxed);
  }

 private:
  static inline std::array<std::atomic<cds::gc::hp::thread_data*>, 64> threads_{};
  static inline std::atomic<size_t> count_{0};
  // libcds.so hands the record of a detached thread to one that attaches: same edge here.
  static inline std::atomic<size_t> handovers_{0};
};

/// std::allocator whose deallocate stands where libcds' scan frees a retired node.
template <typename T>
struct FencedAllocator : std::allocator<T> {
  template <typename U>
  struct rebind {
    using other = FencedAllocator<U>;
  };
  FencedAllocator() = default;
  template <typename U>
  FencedAllocator(const FencedAllocator<U>&) {}

  template <typename U, typename... Args>
  void construct(U* object, Args&&... args) {
    ::new (static_cast<void*>(object)) U(std::forward<Args>(args)...);
  }
  template <typename U>
  void destroy(U* object) {
    HazardSlots::acquireAll();
    object->~U();
  }
  void deallocate(T* object, size_t count) {
    HazardSlots::acquireAll();
    std::allocator<T>::deallocate(object, count);
  }
};
