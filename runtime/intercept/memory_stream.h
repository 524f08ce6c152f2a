// memory_stream.h - streams that write into memory of the program (open_memstream).
//
// Thread safety: any thread, inside the runtime. Allocation: arena.
#pragma once

#include "intercept/libc_headers.h"

#include "base/types.h"
#include "intercept/intercepted_call.h"

namespace hindsight {

/// After a real flush of `stream`: the text and its size, which the program gave, are up
/// to date now, so they have been written. Nothing happens for other streams.
void memoryStreamFlushed(InterceptedCall& call, FILE* stream);
/// A stream that is about to be closed. It is taken from the list before: another stream may have
/// its address as soon as it is closed.
class ClosingMemoryStream {
 public:
  explicit ClosingMemoryStream(FILE* stream);
  /// After the real close.
  void closed(InterceptedCall& call) const;

 private:
  void* const* text_ = nullptr;  // null: none of these streams
  const size_t* size_ = nullptr;
  size_t character_bytes_ = 0;
};

}  // namespace hindsight
