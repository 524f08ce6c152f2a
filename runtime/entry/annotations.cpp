// annotations.cpp - serves include/hindsight/annotate.h: synchronisation that the program describes
// itself, and the accesses of channels.
#include "base/types.h"
#include "core/line.h"
#include "entry/access.h"
#include "intercept/intercepted_call.h"
#include "report/benign_races.h"
#include "report/memory_names.h"
#include "sync/sync.h"
#include "threads/thread.h"

using hindsight::InterceptedCall;
using hindsight::uptr;

HINDSIGHT_EXPORT void __hindsight_acquire(void* object) {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (!call.bypass()) acquire(call.thread(), reinterpret_cast<uptr>(object));
}

HINDSIGHT_EXPORT void __hindsight_release(void* object) {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (!call.bypass()) release(call.thread(), reinterpret_cast<uptr>(object));
}

HINDSIGHT_EXPORT void __hindsight_release_store(void* object) {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (!call.bypass()) releaseStore(call.thread(), reinterpret_cast<uptr>(object));
}

HINDSIGHT_EXPORT void __hindsight_forget(void* object) {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (!call.bypass()) hindsight::forgetSyncObject(reinterpret_cast<uptr>(object));
}

HINDSIGHT_EXPORT void __hindsight_new_memory(void* start, size_t bytes) {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return;
  hindsight::resetShadow(reinterpret_cast<uptr>(start), bytes);
  hindsight::forgetAnnotations(reinterpret_cast<uptr>(start), bytes);
}

HINDSIGHT_EXPORT void __hindsight_name(void* start, size_t bytes, const char* name) {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (!call.bypass()) hindsight::nameMemory(reinterpret_cast<uptr>(start), bytes, name);
}

HINDSIGHT_EXPORT void __hindsight_ignore_begin() {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (!call.bypass()) hindsight::beginIgnoredAccesses(call.thread());
}

HINDSIGHT_EXPORT void __hindsight_ignore_end() {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (!call.bypass()) hindsight::endIgnoredAccesses(call.thread());
}

// A send reads the state of its channel, a close writes it: without order between them they race,
// as in Go, where the send might as well have found the channel closed.
HINDSIGHT_EXPORT void __hindsight_chan_access(void* state, int is_write) {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return;
  if (is_write != 0)
    call.writes(state, 1);
  else
    call.reads(state, 1);
}
