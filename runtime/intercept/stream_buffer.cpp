#include "intercept/stream_buffer.h"

#include "intercept/real_calls.h"
#include "sync/sync.h"

namespace hindsight {
namespace {

/// [from, to), if it is a part of the buffer.
void check(InterceptedCall& call, const StreamPointers& of, const char* from, const char* to,
           bool writes) {
  if (from < of.begin || to > of.end || from >= to) return;
  const auto bytes = static_cast<size_t>(to - from);
  if (writes)
    call.writes(from, bytes);
  else
    call.reads(from, bytes);
}

}  // namespace

void lockStream(FILE* stream) { real.flockfile(stream); }
void unlockStream(FILE* stream) { real.funlockfile(stream); }

StreamPointers pointersOf(const FILE* stream) {
  if (!hasProgramsBuffer(stream)) return {};
  return {stream->_IO_buf_base,  stream->_IO_buf_end,   stream->_IO_write_base,
          stream->_IO_write_ptr, stream->_IO_read_base, stream->_IO_read_ptr,
          stream->_IO_read_end};
}

void checkStreamBuffer(InterceptedCall& call, FILE* stream, const StreamPointers& before,
                       const StreamPointers& after) {
  if (before.begin == nullptr || before.begin != after.begin) return;
  acquire(call.thread(), reinterpret_cast<uptr>(stream));
  const bool was_writing = before.write_at >= before.begin && before.write_at <= before.end;
  if (after.write_at > before.write_at) {
    check(call, after, was_writing ? before.write_at : after.write_base, after.write_at, true);
  } else if (after.write_at < before.write_at) {
    check(call, before, before.write_base, before.write_at, false);
    check(call, after, after.write_base, after.write_at, true);
  }
  if (after.read_end != before.read_end || after.read_at < before.read_at)
    check(call, after, after.read_base, after.read_end, true);
  else
    check(call, after, before.read_at, after.read_at, false);
  release(call.thread(), reinterpret_cast<uptr>(stream));
}

void checkStreamClosing(InterceptedCall& call, FILE* stream) {
  if (!hasProgramsBuffer(stream)) return;
  call.blocking([=] { lockStream(stream); });
  const StreamPointers pending = pointersOf(stream);
  acquire(call.thread(), reinterpret_cast<uptr>(stream));
  check(call, pending, pending.write_base, pending.write_at, false);
  unlockStream(stream);
}

}  // namespace hindsight
