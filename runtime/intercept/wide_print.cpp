// wide_print.cpp - the printf and scanf families for wide characters.
//
// As in print.cpp: the real calls run outside the runtime.
//
// Thread safety: any thread. Allocation: none of ours.
#include "intercept/argument_list.h"
#include "intercept/real_calls.h"

#include "intercept/descriptor_races.h"
#include "intercept/fd_sync.h"
#include "intercept/format.h"
#include "intercept/uniform.h"

using namespace hindsight;

namespace {

/// Runs a checking function on a copy: the real call still needs the list itself.
void checkPrintfCopy(InterceptedCall& call, const wchar_t* format, va_list arguments) {
  va_list copy;
  va_copy(copy, arguments);
  checkPrintf(call, format, copy);
  va_end(copy);
}

template <class RealPrint>
int printToStream(uptr pc, FILE* stream, const wchar_t* format, va_list arguments,
                  RealPrint real_print) {
  InterceptedCall call(pc);
  if (call.bypass()) return real_print();
  checkPrintfCopy(call, format, arguments);
  releaseFd(call, fileno_unlocked(stream));
  return call.blocking(real_print);
}

/// A text that does not fit is not reported as written: the call fails.
template <class RealPrint>
int printToBuffer(uptr pc, wchar_t* to, const wchar_t* format, va_list arguments,
                  RealPrint real_print) {
  InterceptedCall call(pc);
  if (call.bypass()) return real_print();
  checkPrintfCopy(call, format, arguments);
  const int length = call.blocking(real_print);
  if (length >= 0) writesBytes(call, to, (static_cast<size_t>(length) + 1) * sizeof *to);
  return length;
}

template <class RealScan>
int scanText(uptr pc, const wchar_t* text, const wchar_t* format, va_list arguments,
             RealScan real_scan) {
  va_list copy;
  va_copy(copy, arguments);
  const ListEnd copy_end{&copy};
  InterceptedCall call(pc);
  if (call.bypass()) return real_scan();
  readsWide(call, text);
  const int assigned = call.blocking(real_scan);
  checkScanf(call, format, copy, assigned);
  return assigned;
}

template <class RealScan>
int scanStream(uptr pc, FILE* stream, const wchar_t* format, va_list arguments,
               RealScan real_scan) {
  va_list copy;
  va_copy(copy, arguments);
  const ListEnd copy_end{&copy};
  InterceptedCall call(pc);
  if (call.bypass()) return real_scan();
  descriptorUsed(call, fileno_unlocked(stream));
  const int assigned = call.blocking(real_scan);
  acquireFd(call.thread(), fileno_unlocked(stream));
  checkScanf(call, format, copy, assigned);
  return assigned;
}

}  // namespace

// Streams

HINDSIGHT_INTERCEPTOR int vfwprintf(FILE* stream, const wchar_t* format, va_list arguments) {
  return printToStream(HINDSIGHT_CALLER_PC, stream, format, arguments,
                       [&] { return real.vfwprintf(stream, format, arguments); });
}

HINDSIGHT_INTERCEPTOR int vwprintf(const wchar_t* format, va_list arguments) {
  return printToStream(HINDSIGHT_CALLER_PC, stdout, format, arguments,
                       [&] { return real.vwprintf(format, arguments); });
}

HINDSIGHT_INTERCEPTOR int fwprintf(FILE* stream, const wchar_t* format, ...) {
  HINDSIGHT_ARGUMENTS(list, format);
  return printToStream(HINDSIGHT_CALLER_PC, stream, format, list,
                       [&] { return real.vfwprintf(stream, format, list); });
}

HINDSIGHT_INTERCEPTOR int wprintf(const wchar_t* format, ...) {
  HINDSIGHT_ARGUMENTS(list, format);
  return printToStream(HINDSIGHT_CALLER_PC, stdout, format, list,
                       [&] { return real.vwprintf(format, list); });
}

HINDSIGHT_INTERCEPTOR int __vfwprintf_chk(FILE* stream, int flag, const wchar_t* format,
                                          va_list arguments) {
  return printToStream(HINDSIGHT_CALLER_PC, stream, format, arguments,
                       [&] { return real.__vfwprintf_chk(stream, flag, format, arguments); });
}

HINDSIGHT_INTERCEPTOR int __vwprintf_chk(int flag, const wchar_t* format, va_list arguments) {
  return printToStream(HINDSIGHT_CALLER_PC, stdout, format, arguments,
                       [&] { return real.__vwprintf_chk(flag, format, arguments); });
}

HINDSIGHT_INTERCEPTOR int __fwprintf_chk(FILE* stream, int flag, const wchar_t* format, ...) {
  HINDSIGHT_ARGUMENTS(list, format);
  return printToStream(HINDSIGHT_CALLER_PC, stream, format, list,
                       [&] { return real.__vfwprintf_chk(stream, flag, format, list); });
}

HINDSIGHT_INTERCEPTOR int __wprintf_chk(int flag, const wchar_t* format, ...) {
  HINDSIGHT_ARGUMENTS(list, format);
  return printToStream(HINDSIGHT_CALLER_PC, stdout, format, list,
                       [&] { return real.__vwprintf_chk(flag, format, list); });
}

// Buffers

HINDSIGHT_INTERCEPTOR int vswprintf(wchar_t* to, size_t room, const wchar_t* format,
                                    va_list arguments) noexcept {
  return printToBuffer(HINDSIGHT_CALLER_PC, to, format, arguments,
                       [&] { return real.vswprintf(to, room, format, arguments); });
}

HINDSIGHT_INTERCEPTOR int swprintf(wchar_t* to, size_t room, const wchar_t* format, ...) noexcept {
  HINDSIGHT_ARGUMENTS(list, format);
  return printToBuffer(HINDSIGHT_CALLER_PC, to, format, list,
                       [&] { return real.vswprintf(to, room, format, list); });
}

HINDSIGHT_INTERCEPTOR int __vswprintf_chk(wchar_t* to, size_t room, int flag, size_t object_room,
                                          const wchar_t* format, va_list arguments) noexcept {
  return printToBuffer(HINDSIGHT_CALLER_PC, to, format, arguments, [&] {
    return real.__vswprintf_chk(to, room, flag, object_room, format, arguments);
  });
}

HINDSIGHT_INTERCEPTOR int __swprintf_chk(wchar_t* to, size_t room, int flag, size_t object_room,
                                         const wchar_t* format, ...) noexcept {
  HINDSIGHT_ARGUMENTS(list, format);
  return printToBuffer(HINDSIGHT_CALLER_PC, to, format, list, [&] {
    return real.__vswprintf_chk(to, room, flag, object_room, format, list);
  });
}

// Scanning. The headers rename the plain names to the __isoc99 ones, hence the explicit symbols.

HINDSIGHT_INTERCEPTOR int __isoc99_vswscanf(const wchar_t* text, const wchar_t* format,
                                            va_list arguments) noexcept {
  return scanText(HINDSIGHT_CALLER_PC, text, format, arguments,
                  [&] { return real.__isoc99_vswscanf(text, format, arguments); });
}

HINDSIGHT_INTERCEPTOR int __isoc99_swscanf(const wchar_t* text, const wchar_t* format,
                                           ...) noexcept {
  HINDSIGHT_ARGUMENTS(list, format);
  return scanText(HINDSIGHT_CALLER_PC, text, format, list,
                  [&] { return real.__isoc99_vswscanf(text, format, list); });
}

HINDSIGHT_INTERCEPTOR int __isoc99_vfwscanf(FILE* stream, const wchar_t* format,
                                            va_list arguments) {
  return scanStream(HINDSIGHT_CALLER_PC, stream, format, arguments,
                    [&] { return real.__isoc99_vfwscanf(stream, format, arguments); });
}

HINDSIGHT_INTERCEPTOR int __isoc99_fwscanf(FILE* stream, const wchar_t* format, ...) {
  HINDSIGHT_ARGUMENTS(list, format);
  return scanStream(HINDSIGHT_CALLER_PC, stream, format, list,
                    [&] { return real.__isoc99_vfwscanf(stream, format, list); });
}

HINDSIGHT_INTERCEPTOR int __isoc99_vwscanf(const wchar_t* format, va_list arguments) {
  return scanStream(HINDSIGHT_CALLER_PC, stdin, format, arguments,
                    [&] { return real.__isoc99_vwscanf(format, arguments); });
}

HINDSIGHT_INTERCEPTOR int __isoc99_wscanf(const wchar_t* format, ...) {
  HINDSIGHT_ARGUMENTS(list, format);
  return scanStream(HINDSIGHT_CALLER_PC, stdin, format, list,
                    [&] { return real.__isoc99_vwscanf(format, list); });
}

HINDSIGHT_INTERCEPTOR int plainVswscanf(const wchar_t* text, const wchar_t* format,
                                        va_list arguments) noexcept asm("vswscanf");
HINDSIGHT_INTERCEPTOR int plainVswscanf(const wchar_t* text, const wchar_t* format,
                                        va_list arguments) noexcept {
  return scanText(HINDSIGHT_CALLER_PC, text, format, arguments,
                  [&] { return real.vswscanf(text, format, arguments); });
}

HINDSIGHT_INTERCEPTOR int plainSwscanf(const wchar_t* text, const wchar_t* format, ...) noexcept
    asm("swscanf");
HINDSIGHT_INTERCEPTOR int plainSwscanf(const wchar_t* text, const wchar_t* format, ...) noexcept {
  HINDSIGHT_ARGUMENTS(list, format);
  return scanText(HINDSIGHT_CALLER_PC, text, format, list,
                  [&] { return real.vswscanf(text, format, list); });
}

HINDSIGHT_INTERCEPTOR int plainVfwscanf(FILE* stream, const wchar_t* format,
                                        va_list arguments) asm("vfwscanf");
HINDSIGHT_INTERCEPTOR int plainVfwscanf(FILE* stream, const wchar_t* format, va_list arguments) {
  return scanStream(HINDSIGHT_CALLER_PC, stream, format, arguments,
                    [&] { return real.vfwscanf(stream, format, arguments); });
}

HINDSIGHT_INTERCEPTOR int plainFwscanf(FILE* stream, const wchar_t* format, ...) asm("fwscanf");
HINDSIGHT_INTERCEPTOR int plainFwscanf(FILE* stream, const wchar_t* format, ...) {
  HINDSIGHT_ARGUMENTS(list, format);
  return scanStream(HINDSIGHT_CALLER_PC, stream, format, list,
                    [&] { return real.vfwscanf(stream, format, list); });
}

HINDSIGHT_INTERCEPTOR int plainVwscanf(const wchar_t* format, va_list arguments) asm("vwscanf");
HINDSIGHT_INTERCEPTOR int plainVwscanf(const wchar_t* format, va_list arguments) {
  return scanStream(HINDSIGHT_CALLER_PC, stdin, format, arguments,
                    [&] { return real.vwscanf(format, arguments); });
}

HINDSIGHT_INTERCEPTOR int plainWscanf(const wchar_t* format, ...) asm("wscanf");
HINDSIGHT_INTERCEPTOR int plainWscanf(const wchar_t* format, ...) {
  HINDSIGHT_ARGUMENTS(list, format);
  return scanStream(HINDSIGHT_CALLER_PC, stdin, format, list,
                    [&] { return real.vwscanf(format, list); });
}
