// move_between.h - sendfile, splice and tee: data moves inside the kernel.
//
// What `in` brings is passed on through `out`. Where in a file that is may stand in the program's
// memory, which then moves on.
//
// What goes out has to be ordered after what came in, so the release has to come between the two,
// which are one call: where it would wait for `in`, that is waited for before.
//
// Thread safety: any thread, inside the runtime. Allocation: none.
#pragma once

#include "intercept/real_calls.h"

#include "intercept/descriptor_races.h"
#include "intercept/fd_sync.h"
#include "intercept/uniform.h"
#include "platform/syscalls.h"

namespace hindsight {

struct Move {
  int in;
  const off_t* in_at;  // or null
  int out;
  const off_t* out_at;
  size_t bytes;
  unsigned flags;   // SPLICE_F_...
  bool may_cancel;  // the call is a cancellation point
};

/// Whether the call would wait while `move.in` is empty, and neither fail nor return at once.
bool moveWaits(const Move& move);

/// Waits for `move.in`. Returns 0, or the errno with which the call itself would end now.
int waitForInput(InterceptedCall& call, const Move& move);

/// Returns 0, or the errno with which the call has ended already: it is not to be made.
inline int moveStarts(InterceptedCall& call, const Move& move) {
  readsObject(call, move.in_at);
  readsObject(call, move.out_at);
  descriptorUsed(call, move.in);
  if (const int error = waitForInput(call, move); error != 0) return error;
  acquireFd(call.thread(), move.in);
  releaseFd(call, move.out);
  return 0;
}

/// It has not failed.
inline void moveDone(InterceptedCall& call, const Move& move) {
  acquireFd(call.thread(), move.in);
  writesObject(call, move.in_at);
  writesObject(call, move.out_at);
}

}  // namespace hindsight
