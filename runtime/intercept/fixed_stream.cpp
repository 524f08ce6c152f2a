// fixed_stream.cpp - fmemopen: a stream into and out of an array of the program's.
//
// The array is accessed when the stream's own buffer is filled or flushed, inside of stdio. To see
// that, the program gets a stream of functions (fopencookie) that stand before the real one, which
// has no buffer: each of its calls accesses the array at once, from its position on. Everything
// else the real one decides.
//
// The stream's lock orders these accesses, as it does those of fopencookie's functions
// (memory_stream.cpp).
//
// Thread safety: any thread. Allocation: arena, and the second stream.
#include "intercept/real_calls.h"

#include "base/arena.h"
#include "entry/long_range.h"
#include "intercept/uniform.h"
#include "sync/sync.h"
#include "threads/runtime_scope.h"

namespace hindsight {
namespace {

struct FixedStream {
  FILE* real;
  char* array;
  size_t bytes;
};

/// The access of one call, under the stream's lock. Its place is the call of stdio that is under
/// way.
void recordAccess(const FixedStream& stream, off64_t at, size_t bytes, bool writes) {
  if (at < 0 || bytes == 0 || static_cast<size_t>(at) + bytes > stream.bytes) return;
  const RuntimeScope scope;
  Thread* const thread = currentThread();
  if (thread == nullptr) return;
  const uptr* const top = __hindsight_tls.stack - 1;
  if (top <= thread->history.stack.base) return;
  const uptr pc = *top & ~kLoggedFrame;
  if (isInDescribedLibrary(pc) || (ignoring_libraries && isInIgnoredLibrary(pc))) return;
  acquire(*thread, reinterpret_cast<uptr>(&stream));
  checkLongRange(*thread, reinterpret_cast<uptr>(stream.array + at), bytes, writes, {pc, top});
  release(*thread, reinterpret_cast<uptr>(&stream));
}

ssize_t readFixed(void* opaque, char* buffer, size_t bytes) {
  const auto& stream = *static_cast<const FixedStream*>(opaque);
  clearerr(stream.real);
  const off64_t at = ftello64(stream.real);
  const size_t got = real.fread(buffer, 1, bytes, stream.real);
  if (got == 0 && ferror(stream.real)) return -1;
  recordAccess(stream, at, got, false);
  return static_cast<ssize_t>(got);
}

/// Where the text ends; the position stays.
off64_t endOf(FILE* stream) {
  const off64_t at = ftello64(stream);
  fseeko64(stream, 0, SEEK_END);
  const off64_t end = ftello64(stream);
  fseeko64(stream, at, SEEK_SET);
  return end;
}

ssize_t writeFixed(void* opaque, const char* data, size_t bytes) {
  const auto& stream = *static_cast<const FixedStream*>(opaque);
  clearerr(stream.real);
  const off64_t end_before = endOf(stream.real);
  const size_t written = real.fwrite(data, 1, bytes, stream.real);
  const int error = errno;
  fseeko64(stream.real, 0, SEEK_CUR);
  const off64_t after = ftello64(stream.real);
  const off64_t end = endOf(stream.real);
  // What makes the text longer also ends it by a zero.
  const bool ends_text =
      end > end_before && after == end && static_cast<size_t>(end) < stream.bytes;
  recordAccess(stream, after - static_cast<off64_t>(written), written + (ends_text ? 1 : 0), true);
  errno = error;
  return static_cast<ssize_t>(written);
}

int seekFixed(void* opaque, off64_t* offset, int whence) {
  FILE* const stream = static_cast<const FixedStream*>(opaque)->real;
  if (fseeko64(stream, *offset, whence) != 0) return -1;
  *offset = ftello64(stream);
  return 0;
}

int closeFixed(void* opaque) {
  auto* stream = static_cast<FixedStream*>(opaque);
  const int result = real.fclose(stream->real);
  const RuntimeScope scope;
  forgetSyncObject(reinterpret_cast<uptr>(stream));
  arenaFree(stream, sizeof *stream);
  return result;
}

/// Null: there is no stream that can stand before `inner`, which is closed.
FILE* standBefore(FILE* inner, void* array, size_t bytes, const char* mode) {
  FixedStream* stream;
  {
    const RuntimeScope scope;
    stream = arenaNew<FixedStream>();
  }
  *stream = {inner, static_cast<char*>(array), bytes};
  setvbuf(inner, nullptr, _IONBF, 0);
  FILE* const outer =
      real.fopencookie(stream, mode, {readFixed, writeFixed, seekFixed, closeFixed});
  if (outer == nullptr) closeFixed(stream);
  return outer;
}

}  // namespace

HINDSIGHT_INTERCEPTOR FILE* fmemopen(void* array, size_t bytes, const char* mode) noexcept {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.fmemopen(array, bytes, mode);
  readsText(call, mode);
  // To append, it looks for the end of the text; to write and read, it makes that empty.
  if (array != nullptr && mode[0] == 'a')
    readsBytes(call, array, min(real.strnlen(static_cast<const char*>(array), bytes) + 1, bytes));
  FILE* const inner = call.blocking([=] { return real.fmemopen(array, bytes, mode); });
  if (inner == nullptr || array == nullptr) return inner;
  if (mode[0] == 'w' && mode[1] == '+') writesBytes(call, array, min<size_t>(1, bytes));
  return call.blocking([=] { return standBefore(inner, array, bytes, mode); });
}

}  // namespace hindsight
