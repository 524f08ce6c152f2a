// memory_stream.cpp - open_memstream and fopencookie: streams that end in the program itself.
//
// open_memstream: the program's pointer and size, and the text, are written when the stream is
// flushed or closed; before that POSIX does not let the program look at them.
//
// fopencookie: stdio calls the program's functions while it holds the stream's lock, so what they
// share needs no other lock. A cookie of ours stands between, and makes that lock an edge between
// the calls.
//
// Thread safety: any thread. Allocation: arena.
#include "intercept/memory_stream.h"

#include "intercept/real_calls.h"

#include "base/arena.h"
#include "base/spin_lock.h"
#include "intercept/uniform.h"
#include "sync/sync.h"
#include "threads/runtime_scope.h"

namespace hindsight {
namespace {

/// An open stream of open_memstream or open_wmemstream.
struct MemoryStream {
  MemoryStream* next;
  FILE* stream;
  void** text;
  size_t* size;  // in characters
  size_t character_bytes;
};

constinit SpinLock streams_lock;
constinit MemoryStream* streams = nullptr;
constinit u32 stream_count = 0;  // so that flushing other streams costs a load

void remember(FILE* stream, void** text, size_t* size, size_t character_bytes) {
  auto* entry = arenaNew<MemoryStream>();
  *entry = {nullptr, stream, text, size, character_bytes};
  SpinLockGuard guard(streams_lock);
  entry->next = streams;
  streams = entry;
  __atomic_store_n(&stream_count, stream_count + 1, __ATOMIC_RELAXED);
}

/// Copies the entry of `stream`; takes it off the list if `forget`.
bool find(FILE* stream, MemoryStream& found, bool forget) {
  if (__atomic_load_n(&stream_count, __ATOMIC_RELAXED) == 0) return false;
  SpinLockGuard guard(streams_lock);
  for (MemoryStream** at = &streams; *at != nullptr; at = &(*at)->next) {
    if ((*at)->stream != stream) continue;
    found = **at;
    if (forget) {
      MemoryStream* const gone = *at;
      *at = gone->next;
      arenaFree(gone, sizeof *gone);
      __atomic_store_n(&stream_count, stream_count - 1, __ATOMIC_RELAXED);
    }
    return true;
  }
  return false;
}

void writesText(InterceptedCall& call, void* const* text, const size_t* size,
                size_t character_bytes) {
  call.writes(text, sizeof *text);
  call.writes(size, sizeof *size);
  writesBytes(call, *text, (*size + 1) * character_bytes);
}

/// What stdio has of a stream of the program's own functions.
struct Cookie {
  void* own;
  cookie_io_functions_t functions;
};

/// One call of the program's functions: after the last one, before the next.
class CookieCall {
 public:
  explicit CookieCall(Cookie* cookie) : key_(reinterpret_cast<uptr>(cookie)) {
    const RuntimeScope scope;
    if (Thread* thread = currentThread()) acquire(*thread, key_);
  }
  ~CookieCall() {
    const RuntimeScope scope;
    if (Thread* thread = currentThread()) release(*thread, key_);
  }
  CookieCall(const CookieCall&) = delete;
  CookieCall& operator=(const CookieCall&) = delete;

 private:
  const uptr key_;
};

ssize_t cookieRead(void* opaque, char* buffer, size_t bytes) {
  auto* cookie = static_cast<Cookie*>(opaque);
  const CookieCall call(cookie);
  return cookie->functions.read(cookie->own, buffer, bytes);
}

ssize_t cookieWrite(void* opaque, const char* data, size_t bytes) {
  auto* cookie = static_cast<Cookie*>(opaque);
  const CookieCall call(cookie);
  return cookie->functions.write(cookie->own, data, bytes);
}

int cookieSeek(void* opaque, off64_t* offset, int whence) {
  auto* cookie = static_cast<Cookie*>(opaque);
  const CookieCall call(cookie);
  return cookie->functions.seek(cookie->own, offset, whence);
}

int cookieClose(void* opaque) {
  auto* cookie = static_cast<Cookie*>(opaque);
  int result = 0;
  if (cookie->functions.close != nullptr) {
    const CookieCall call(cookie);
    result = cookie->functions.close(cookie->own);
  }
  const RuntimeScope scope;
  forgetSyncObject(reinterpret_cast<uptr>(cookie));
  arenaFree(cookie, sizeof *cookie);
  return result;
}

}  // namespace

void memoryStreamFlushed(InterceptedCall& call, FILE* stream) {
  if (MemoryStream entry; find(stream, entry, false))
    writesText(call, entry.text, entry.size, entry.character_bytes);
}

ClosingMemoryStream::ClosingMemoryStream(FILE* stream) {
  MemoryStream entry;
  if (!find(stream, entry, true)) return;
  text_ = entry.text;
  size_ = entry.size;
  character_bytes_ = entry.character_bytes;
}

void ClosingMemoryStream::closed(InterceptedCall& call) const {
  if (text_ != nullptr) writesText(call, text_, size_, character_bytes_);
}

HINDSIGHT_INTERCEPTOR FILE* open_memstream(char** text, size_t* size) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.open_memstream(text, size); }, kReadsNothing,
      [=](InterceptedCall& call, FILE* stream) {
        if (stream == nullptr) return;
        writesObject(call, text);
        writesObject(call, size);
        remember(stream, reinterpret_cast<void**>(text), size, sizeof(char));
      });
}

HINDSIGHT_INTERCEPTOR FILE* open_wmemstream(wchar_t** text, size_t* size) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.open_wmemstream(text, size); }, kReadsNothing,
      [=](InterceptedCall& call, FILE* stream) {
        if (stream == nullptr) return;
        writesObject(call, text);
        writesObject(call, size);
        remember(stream, reinterpret_cast<void**>(text), size, sizeof(wchar_t));
      });
}

HINDSIGHT_INTERCEPTOR FILE* fopencookie(void* own, const char* mode,
                                        cookie_io_functions_t functions) noexcept {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.fopencookie(own, mode, functions);
  readsText(call, mode);
  auto* cookie = arenaNew<Cookie>();
  *cookie = {own, functions};
  // What a stream without one of these functions cannot do, stdio asks by the pointer.
  const cookie_io_functions_t ours = {functions.read != nullptr ? cookieRead : nullptr,
                                      functions.write != nullptr ? cookieWrite : nullptr,
                                      functions.seek != nullptr ? cookieSeek : nullptr,
                                      cookieClose};
  FILE* stream = call.blocking([=] { return real.fopencookie(cookie, mode, ours); });
  if (stream == nullptr) arenaFree(cookie, sizeof *cookie);
  return stream;
}

}  // namespace hindsight
