// left_frames.h - calls that an exception or a longjmp leaves, where the catcher is not
// instrumented.
//
// Instrumented code puts the shadow stack's pointer back where it goes on: at landing pads, behind
// setjmp. A library that catches (libstdc++'s streams, lua_pcall) does not, and the calls that were
// left would stay for as long as its caller runs. So whoever leaves frames says for which stack
// pointer, while they are all still there:
//
//   higher | the frame that goes on       |  its stack pointer: `stack`
//          +------------------------------+
//          | left: return address r1      |  the frames are unwound; each return address that is
//          the | left: return address r0      |  topmost entry's ends that entry
//   lower  | the unwinder, or longjmp     |
//
// Whether the code that goes on is instrumented is known from the second time on: the first time,
// the frame's own return address is then the topmost entry that is left. Those are remembered by
// their program counter and cost a look into a table; others cost about as much as the unwinder's
// own walk.
//
// Only on the thread's own stack: elsewhere (an alternate signal stack, a fiber's) there may be no
// room, and the entries stay until an instrumented caller returns.
//
// Thread safety: everything acts on the calling thread. Async-signal-safe. Allocation: none.
#pragma once

#include "base/types.h"

namespace hindsight {

/// The function with this stack pointer goes on at `pc`: what it had called is gone.
void leaveFrames(uptr stack, uptr pc);
/// What is known of code is forgotten: other code may be loaded in its place.
void forgetCatchers();

}  // namespace hindsight
