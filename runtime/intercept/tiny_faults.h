// tiny_faults.h - inline checks of memory below 4 GiB.
//
// An inline check computes `address + distance`. For such memory that lies in the kernel's half of
// the address space, and the check faults. From the first such mapping on, SIGSEGV is ours: if the
// faulting instruction's operand is what a check of mapped memory below 4 GiB computes, the
// instruction is done with the cells of the stand-in (core/tiny_memory.h) in its place
// (platform/memory_instruction.h), and the program goes on behind it. Nothing else is different
// from any other check: a hit is a hit, and a miss calls the runtime, whose short road finds the
// line locked and goes the general one.
//
// The runtime itself looks at a cell before it knows the address in one place, isReadBeside
// (entry/access_abi.cpp), and is helped the same way.
//
// All other faults are the program's (intercept/taken_faults.h).
//
// Each check costs a fault. Ordinary programs never install any of this.
//
// Thread safety: any thread. Allocation: none.
#pragma once

#include <signal.h>
#include <ucontext.h>

#include "base/types.h"

namespace hindsight {

/// Makes checks of memory below 4 GiB work from now on. False: they cannot.
bool checkTinyMemory();
/// Whether they do.
extern bool tiny_memory_is_checked;

/// Does what a faulting instruction has tried to do, if it is part of such a check.
/// Async-signal-safe.
bool completeTinyCheck(const siginfo_t& info, ucontext_t& context);

}  // namespace hindsight
