// calling_contexts.h - call stacks as a tree of calls: stacks with a common beginning share it.
//
// A context is a number: its innermost call and the context around it. 0 is the empty one.
// Contexts are never removed. Hashing with chains, 16 bytes per context.
//
// Thread safety: any thread; lookups of known contexts take no lock.
#pragma once

#include "base/types.h"

namespace hindsight {

struct CallingContext {
  uptr pc;     // return address of the innermost call
  u32 parent;  // the context around it
  u32 next;    // in the bucket's chain
};

/// The number of `pc` called in `parent`; 0 if there are `limit` contexts already and this one is new.
u32 contextPut(u32 parent, uptr pc, u32 limit);
/// `id` is not 0.
const CallingContext& contextAt(u32 id);
/// Contexts so far.
u32 contextCount();

}  // namespace hindsight
