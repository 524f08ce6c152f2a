// io_vector.h - what readv, sendmsg and their kin do with the caller's memory.
//
// Thread safety: any thread, inside the runtime. Allocation: none.
#pragma once

#include "intercept/libc_headers.h"

#include "base/types.h"
#include "intercept/intercepted_call.h"

namespace hindsight {

/// Whether the kernel looks at the vector at all: it takes IOV_MAX parts, and refuses a negative
/// count.
inline bool isVector(const iovec* parts, size_t count) {
  return count <= IOV_MAX && mayLook(parts);
}

/// The vector itself is read.
inline void readsParts(InterceptedCall& call, const iovec* parts, size_t count) {
  if (isVector(parts, count)) call.reads(parts, count * sizeof(iovec));
}

/// All of the data that the vector describes is read, and the vector itself.
inline void readsVector(InterceptedCall& call, const iovec* parts, size_t count) {
  if (!isVector(parts, count)) return;
  readsParts(call, parts, count);
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
