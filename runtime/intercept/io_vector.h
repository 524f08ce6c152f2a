// io_vector.h - what readv, sendmsg and their kin do with the caller's memory.
//
// Thread safety: any thread, inside the runtime. Allocation: none.
#pragma once

#include "intercept/libc_headers.h"

#include "base/types.h"
#include "intercept/intercepted_call.h"

namespace hindsight {

/// All of the data that the vector describes is read, and the vector itself.
inline void readsVector(InterceptedCall& call, const iovec* parts, size_t count) {
  if (!mayLook(parts)) return;
  call.reads(parts, count * sizeof(iovec));
  for (size_t i = 0; i < count; ++i) call.reads(parts[i].iov_base, parts[i].iov_len);
}

/// `bytes` bytes have been stored into the parts, in order.
inline void writesVector(InterceptedCall& call, const iovec* parts, size_t count, size_t bytes) {
  for (size_t i = 0; i < count && bytes != 0; ++i) {
    const size_t here = min(bytes, parts[i].iov_len);
    call.writes(parts[i].iov_base, here);
    bytes -= here;
  }
}

}  // namespace hindsight
