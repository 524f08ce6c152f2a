// format.h - which memory the arguments of a printf or scanf format point to.
//
// Walks the format as the C library does and takes the arguments off a copy of the list.
// Conversions that are not known end the walk, and so do numbered arguments (`%1$s`) of scanf and
// of wide formats: what comes after them is not checked.
//
// Thread safety: any thread, inside the runtime. Allocation: none.
#pragma once

#include "intercept/libc_headers.h"

#include "base/types.h"
#include "intercept/intercepted_call.h"

namespace hindsight {

/// Before printf: the format and the strings of `%s` are read, the target of `%n` is written.
void checkPrintf(InterceptedCall& call, const char* format, va_list arguments);
void checkPrintf(InterceptedCall& call, const wchar_t* format, va_list arguments);

/// After scanf: the format is read and the targets of the first `assigned` conversions are written.
void checkScanf(InterceptedCall& call, const char* format, va_list arguments, int assigned);
void checkScanf(InterceptedCall& call, const wchar_t* format, va_list arguments, int assigned);

}  // namespace hindsight
