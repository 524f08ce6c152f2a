// tbb_edges.h - the order that libtbb.so keeps, told to the race detector.
//
// Tasks, bodies and containers of oneTBB are header code; the scheduler that moves a task from
// the thread that spawned it to the one that runs it, and the pools that memory comes from, are
// compiled into libtbb.so, where no detector sees their atomics. The functions below take the
// place of the library's own (a program's definition wins over a shared library's) and add
//
//   1. spawn(task)          happens before  task->execute() on whichever thread runs it;
//   2. the decrement of a wait context's reference count (header code) happens before the return
//      of the wait for it: the library's last load of the count is repeated;
//   3. pools of the library: a block starts afresh each time it is handed out (malloc, free).
//
// Only what the scheduler really orders is added: two tasks stay unordered.
// Without a race detector this header adds nothing. Include it in one source file of the program.
#pragma once

#include <hindsight/annotate.h>
#include <tbb/parallel_for.h>

#if HINDSIGHT_INSTRUMENTED

#include <dlfcn.h>

#include <atomic>
#include <cstdint>
#include <cstdlib>

namespace hindsight_tbb {

using tbb::detail::d1::execution_data;
using tbb::detail::d1::task;
using tbb::detail::d1::task_group_context;

/// Runs another task on the thread that the scheduler chose, after an acquire on it.
class OrderedTask final : public task {
 public:
  explicit OrderedTask(task& inner) : inner_(inner) { hindsight_release(this); }
  task* execute(execution_data& data) override { return finish().execute(data); }
  task* cancel(execution_data& data) override { return finish().cancel(data); }

 private:
  task& finish() {
    hindsight_acquire(this);
    task& inner = inner_;
    delete this;
    return inner;
  }
  task& inner_;
};

/// Repeats the load that ended a wait: the count is the second word of the object, and private.
inline void acquireReferences(tbb::detail::d1::wait_context& awaited) {
  static_assert(sizeof(awaited) == 2 * sizeof(uint64_t));
  (void)reinterpret_cast<std::atomic<uint64_t>*>(&awaited)[1].load(std::memory_order_acquire);
}

/// libtbb's own definition of the function that `name` is the mangled name of.
template <typename Function>
Function* libraryFunction(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

}  // namespace hindsight_tbb

namespace tbb::detail::r1 {

void spawn(d1::task& task, d1::task_group_context& context) {
  static auto* const real =
      hindsight_tbb::libraryFunction<void(d1::task&, d1::task_group_context&)>(
          "_ZN3tbb6detail2r15spawnERNS0_2d14taskERNS2_18task_group_contextE");
  real(*new hindsight_tbb::OrderedTask(task), context);
}

void spawn(d1::task& task, d1::task_group_context& context, d1::slot_id slot) {
  static auto* const real =
      hindsight_tbb::libraryFunction<void(d1::task&, d1::task_group_context&, d1::slot_id)>(
          "_ZN3tbb6detail2r15spawnERNS0_2d14taskERNS2_18task_group_contextEt");
  real(*new hindsight_tbb::OrderedTask(task), context, slot);
}

void execute_and_wait(d1::task& task, d1::task_group_context& task_context,
                      d1::wait_context& awaited, d1::task_group_context& wait_context) {
  static auto* const real = hindsight_tbb::libraryFunction<void(
      d1::task&, d1::task_group_context&, d1::wait_context&, d1::task_group_context&)>(
      "_ZN3tbb6detail2r116execute_and_waitERNS0_2d14taskERNS2_18task_group_contextE"
      "RNS2_12wait_contextES6_");
  real(task, task_context, awaited, wait_context);
  hindsight_tbb::acquireReferences(awaited);
}

void wait(d1::wait_context& awaited, d1::task_group_context& context) {
  static auto* const real =
      hindsight_tbb::libraryFunction<void(d1::wait_context&, d1::task_group_context&)>(
          "_ZN3tbb6detail2r14waitERNS0_2d112wait_contextERNS2_18task_group_contextE");
  real(awaited, context);
  hindsight_tbb::acquireReferences(awaited);
}

void* allocate(d1::small_object_pool*& pool, size_t size, const d1::execution_data&) {
  pool = reinterpret_cast<d1::small_object_pool*>(1);  // never null, never followed
  return std::aligned_alloc(64, (size + 63) / 64 * 64);
}
void* allocate(d1::small_object_pool*& pool, size_t size) {
  return allocate(pool, size, d1::execution_data{});
}
void deallocate(d1::small_object_pool&, void* block, size_t, const d1::execution_data&) {
  std::free(block);
}
void deallocate(d1::small_object_pool&, void* block, size_t) { std::free(block); }

void* allocate_memory(size_t size) { return std::malloc(size); }
void deallocate_memory(void* block) { std::free(block); }
void* cache_aligned_allocate(size_t size) {
  return std::aligned_alloc(128, (size + 127) / 128 * 128);
}
void cache_aligned_deallocate(void* block) { std::free(block); }

}  // namespace tbb::detail::r1

#endif  // HINDSIGHT_INSTRUMENTED
