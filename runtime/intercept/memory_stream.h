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
/// After the real close of `stream`.
void memoryStreamClosed(InterceptedCall& call, FILE* stream);

}  // namespace hindsight
