// stack_frame.h - which frame of a thread's stack an address lies in.
//
// The calling thread's own frames are unwound. Those of another thread, which runs meanwhile and
// whose registers nobody knows, are found by what must be there: the shadow stack says which calls
// are under way, so below the frame there is the return address of one that was made from it:
//
//    higher   | caller's frame      |
//             | return address r1   |  must be where the table of unwind rules says for r0, and in
//             +---------------------+  the shadow stack's order, and so on to the outermost call
//             |  the frame, with    |
//             |  the address        |
//             | return address r0   |  searched from the address downwards
//    lower    +---------------------+
//
// Where no such call is found, as in a thread that computes, the return address above the frame is
// searched for instead. The function is known if the call there is a direct one or goes by the
// linkage tables (PLT, GOT), or is that of a thread's start; where in the function the thread is is
// not.
//
// A frame that another thread's data lies in does not end while that data is in use; where this
// fails (the program is broken in yet another way) the answer is that of the moment.
//
// Thread safety: the registry is locked. Allocation: none.
#pragma once

#include "platform/frame_rule.h"
#include "report/race_report.h"
#include "threads/thread.h"

namespace hindsight {

/// The frame of the calling thread; `first_pc` as for unwindFrom. `pc` is 0 if it is in none.
FrameView ownFrameOf(UnwindContext& registers, uptr first_pc, uptr address);
/// The frame of another thread's. `pc` is 0 if it cannot be told for sure.
FrameView frameOf(const Thread& owner, uptr address);

}  // namespace hindsight
