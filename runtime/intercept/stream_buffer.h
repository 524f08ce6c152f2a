// stream_buffer.h - calls of streams whose buffer the program has given (setvbuf, setbuffer,
// setbuf).
//
// stdio writes and reads that buffer whenever the stream is used, and the program may not touch it
// meanwhile. What a call did with it shows in the stream's pointers before and after, both looked
// at under the stream's lock:
//
//   the write pointer moved on                  what lies between was written
//   the write pointer moved back                what was pending was read, what is pending written
//   the end of what can be read is elsewhere    all of it was written
//   the read pointer moved on                   what lies between was read
//
// These accesses are certain; others may have been made besides. The lock orders them, as if each
// call took and gave it back by flockfile; without a buffer of the program's it does not.
//
// Wide streams are left alone, and so are calls that are not intercepted (fseek, ungetc, the flush
// at exit).
//
// Thread safety: any thread, inside the runtime. Allocation: none.
#pragma once

#include "intercept/libc_headers.h"

#include "intercept/intercepted_call.h"
#include "intercept/unwind_hook.h"

namespace hindsight {

/// Whether the stream's buffer is the program's. Asked without the lock: the program gives it
/// before it uses the stream. One without a lock is printf's own, which a function given to
/// register_printf_specifier prints to.
inline bool hasProgramsBuffer(const FILE* stream) {
  constexpr int kUserBuffer = 1;  // glibc: not to be freed
  return stream != nullptr && (stream->_flags & kUserBuffer) != 0 && stream->_mode <= 0 &&
         stream->_IO_buf_base != nullptr && stream->_IO_buf_base != stream->_shortbuf &&
         stream->_lock != nullptr;
}

struct StreamPointers {
  char *begin, *end;  // of the buffer
  char *write_base, *write_at, *read_base, *read_at, *read_end;
};

/// The stream's lock is held. Without a buffer of the program's all is null.
StreamPointers pointersOf(const FILE* stream);
/// The lock is still held.
void checkStreamBuffer(InterceptedCall& call, FILE* stream, const StreamPointers& before,
                       const StreamPointers& after);
/// The stream is about to be closed.
void checkStreamClosing(InterceptedCall& call, FILE* stream);
void lockStream(FILE* stream);
void unlockStream(FILE* stream);

template <class RealCall>
auto callOnOwnBuffer(InterceptedCall& call, FILE* stream, RealCall real_call) {
  struct State {
    RealCall real_call;
    FILE* stream;
    StreamPointers before, after;
    decltype(real_call()) result;
  } state{real_call, stream, {}, {}, {}};
  const auto run = [](void* argument) {
    State& running = *static_cast<State*>(argument);
    lockStream(running.stream);
    running.before = pointersOf(running.stream);
    running.result = running.real_call();
    running.after = pointersOf(running.stream);
  };
  const auto cancelled = [](void* argument) {
    unlockStream(static_cast<State*>(argument)->stream);
  };
  call.blocking([&] { callWithUnwindHook(run, cancelled, &state); });
  checkStreamBuffer(call, stream, state.before, state.after);
  unlockStream(stream);
  return state.result;
}

/// Runs a real call that uses `stream`, outside the runtime, and returns what it returns.
template <class RealCall>
auto callOnStream(InterceptedCall& call, FILE* stream, RealCall real_call) {
  if (HINDSIGHT_LIKELY(!hasProgramsBuffer(stream))) return call.blocking(real_call);
  return callOnOwnBuffer(call, stream, real_call);
}

/// As `intercepted` (uniform.h), for a function that uses `stream`.
template <class RealCall, class Before, class After>
auto interceptedOn(FILE* stream, uptr pc, RealCall real_call, Before before, After after) {
  InterceptedCall call(pc);
  if (call.bypass()) return real_call();
  before(call);
  const auto result = callOnStream(call, stream, real_call);
  after(call, result);
  return result;
}

template <class RealCall, class Before>
auto interceptedOn(FILE* stream, uptr pc, RealCall real_call, Before before) {
  return interceptedOn(stream, pc, real_call, before, [](InterceptedCall&, auto&&) {});
}

}  // namespace hindsight
