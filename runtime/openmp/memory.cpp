// memory.cpp - OpenMP's allocators, which serve blocks from pools of their own: a block starts
// without a past, also one that was only resized. Nothing is kept of it, and giving it back counts
// as no access.
//
// Thread safety: any thread. Allocation: none.
#include "entry/access.h"
#include "openmp/openmp_call.h"

using namespace hindsight;

namespace {

template <class RealAllocate>
void* allocate(uptr pc, size_t bytes, RealAllocate real_allocate) {
  OpenMpCall call(pc);
  if (call.bypass()) return real_allocate();
  void* const block = call.blocking(real_allocate);
  const auto address = reinterpret_cast<uptr>(block);
  if (block != nullptr) resetShadow(address, roundUp(address + bytes, kWordSize) - address);
  return block;
}

}  // namespace

using Allocator = uptr;  // omp_allocator_handle_t

OPENMP(void*, omp_realloc, void* block, size_t bytes, Allocator allocator, Allocator old_allocator)
OPENMP(void*, __kmpc_realloc, int thread, void* block, size_t bytes, Allocator allocator,
       Allocator old_allocator)
OPENMP(void*, omp_alloc, size_t bytes, Allocator allocator)
OPENMP(void*, omp_aligned_alloc, size_t alignment, size_t bytes, Allocator allocator)
OPENMP(void*, omp_calloc, size_t count, size_t bytes, Allocator allocator)
OPENMP(void*, omp_aligned_calloc, size_t alignment, size_t count, size_t bytes, Allocator allocator)
OPENMP(void*, __kmpc_alloc, int thread, size_t bytes, Allocator allocator)
OPENMP(void*, __kmpc_aligned_alloc, int thread, size_t alignment, size_t bytes, Allocator allocator)
OPENMP(void*, __kmpc_calloc, int thread, size_t count, size_t bytes, Allocator allocator)

void* omp_alloc(size_t bytes, Allocator allocator) {
  const auto real = real_omp_alloc.at(HINDSIGHT_CALLER_PC);
  return allocate(HINDSIGHT_CALLER_PC, bytes, [=] { return real(bytes, allocator); });
}

void* omp_aligned_alloc(size_t alignment, size_t bytes, Allocator allocator) {
  const auto real = real_omp_aligned_alloc.at(HINDSIGHT_CALLER_PC);
  return allocate(HINDSIGHT_CALLER_PC, bytes, [=] { return real(alignment, bytes, allocator); });
}

void* omp_calloc(size_t count, size_t bytes, Allocator allocator) {
  const auto real = real_omp_calloc.at(HINDSIGHT_CALLER_PC);
  return allocate(HINDSIGHT_CALLER_PC, count * bytes,
                  [=] { return real(count, bytes, allocator); });
}

void* omp_aligned_calloc(size_t alignment, size_t count, size_t bytes, Allocator allocator) {
  const auto real = real_omp_aligned_calloc.at(HINDSIGHT_CALLER_PC);
  return allocate(HINDSIGHT_CALLER_PC, count * bytes,
                  [=] { return real(alignment, count, bytes, allocator); });
}

void* __kmpc_alloc(int thread, size_t bytes, Allocator allocator) {
  const auto real = real___kmpc_alloc.at(HINDSIGHT_CALLER_PC);
  return allocate(HINDSIGHT_CALLER_PC, bytes, [=] { return real(thread, bytes, allocator); });
}

void* __kmpc_aligned_alloc(int thread, size_t alignment, size_t bytes, Allocator allocator) {
  const auto real = real___kmpc_aligned_alloc.at(HINDSIGHT_CALLER_PC);
  return allocate(HINDSIGHT_CALLER_PC, bytes,
                  [=] { return real(thread, alignment, bytes, allocator); });
}

void* __kmpc_calloc(int thread, size_t count, size_t bytes, Allocator allocator) {
  const auto real = real___kmpc_calloc.at(HINDSIGHT_CALLER_PC);
  return allocate(HINDSIGHT_CALLER_PC, count * bytes,
                  [=] { return real(thread, count, bytes, allocator); });
}

void* omp_realloc(void* block, size_t bytes, Allocator allocator, Allocator old_allocator) {
  const auto real = real_omp_realloc.at(HINDSIGHT_CALLER_PC);
  return allocate(HINDSIGHT_CALLER_PC, bytes,
                  [=] { return real(block, bytes, allocator, old_allocator); });
}

void* __kmpc_realloc(int thread, void* block, size_t bytes, Allocator allocator,
                     Allocator old_allocator) {
  const auto real = real___kmpc_realloc.at(HINDSIGHT_CALLER_PC);
  return allocate(HINDSIGHT_CALLER_PC, bytes,
                  [=] { return real(thread, block, bytes, allocator, old_allocator); });
}
