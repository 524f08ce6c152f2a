// move_between.h - sendfile, splice and tee: data moves inside the kernel.
//
// What `in` brings is passed on through `out`. Where in a file that is may stand in the program's
// memory, which then moves on.
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
  bool may_wait;
};

inline void moveStarts(InterceptedCall& call, const Move& move) {
  readsObject(call, move.in_at);
  readsObject(call, move.out_at);
  descriptorUsed(call, move.in);
  // What goes out has to be ordered after what came in, so that has to be there first.
  if (move.may_wait && (sysFcntl(move.in, F_GETFL, 0) & O_NONBLOCK) == 0) {
    pollfd ready{move.in, POLLIN, 0};
    call.blocking([&] { return real.poll(&ready, 1, -1); });
  }
  acquireFd(call.thread(), move.in);
  releaseFd(call, move.out);
}

/// It has not failed.
inline void moveDone(InterceptedCall& call, const Move& move) {
  acquireFd(call.thread(), move.in);
  writesObject(call, move.in_at);
  writesObject(call, move.out_at);
}

}  // namespace hindsight
