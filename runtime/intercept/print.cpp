// print.cpp - the printf and scanf families.
//
// The real calls run outside the runtime: they wait for stream locks, call malloc and the
// program's own conversion handlers.
//
// Thread safety: any thread. Allocation: none of ours.
#include "intercept/argument_list.h"
#include "intercept/real_calls.h"

#include "intercept/descriptor_races.h"
#include "intercept/fd_sync.h"
#include "intercept/format.h"
#include "intercept/intercepted_call.h"
#include "intercept/signal_safety.h"
#include "intercept/stream_buffer.h"

using namespace hindsight;

namespace {

/// Runs a checking function on a copy: the real call still needs the list itself.
void checkPrintfCopy(InterceptedCall& call, const char* format, va_list arguments) {
  va_list copy;
  va_copy(copy, arguments);
  checkPrintf(call, format, copy);
  va_end(copy);
}

template <class RealPrint>
int printToStream(uptr pc, FILE* stream, const char* format, va_list arguments,
                  RealPrint real_print) {
  InterceptedCall call(pc);
  if (call.bypass()) return real_print();
  unsafeInHandler(call, "printf");
  checkPrintfCopy(call, format, arguments);
  releaseFd(call, fileno_unlocked(stream));
  return callOnStream(call, stream, real_print);
}

template <class RealPrint>
int printToFd(uptr pc, int fd, const char* format, va_list arguments, RealPrint real_print) {
  InterceptedCall call(pc);
  if (call.bypass()) return real_print();
  checkPrintfCopy(call, format, arguments);
  releaseFd(call, fd);
  return call.blocking(real_print);
}

/// `room` bytes at `to`: the text is cut to fit, and always terminated if there is any room.
template <class RealPrint>
int printToBuffer(uptr pc, char* to, size_t room, const char* format, va_list arguments,
                  RealPrint real_print) {
  InterceptedCall call(pc);
  if (call.bypass()) return real_print();
  checkPrintfCopy(call, format, arguments);
  const int length = call.blocking(real_print);
  if (length >= 0 && room != 0) call.writes(to, min(static_cast<size_t>(length), room - 1) + 1);
  return length;
}

template <class RealPrint>
int printToNew(uptr pc, char** to, const char* format, va_list arguments, RealPrint real_print) {
  InterceptedCall call(pc);
  if (call.bypass()) return real_print();
  checkPrintfCopy(call, format, arguments);
  const int length = call.blocking(real_print);
  if (length < 0) return length;
  call.writes(to, sizeof *to);
  call.writes(*to, static_cast<size_t>(length) + 1);
  return length;
}

constexpr size_t kNoLimit = ~size_t{0};

template <class RealScan>
int scanText(uptr pc, const char* text, const char* format, va_list arguments, RealScan real_scan) {
  va_list copy;
  va_copy(copy, arguments);
  const ListEnd copy_end{&copy};
  InterceptedCall call(pc);
  if (call.bypass()) return real_scan();
  call.readsString(text);
  const int assigned = call.blocking(real_scan);
  checkScanf(call, format, copy, assigned);
  return assigned;
}

template <class RealScan>
int scanStream(uptr pc, FILE* stream, const char* format, va_list arguments, RealScan real_scan) {
  va_list copy;
  va_copy(copy, arguments);
  const ListEnd copy_end{&copy};
  InterceptedCall call(pc);
  if (call.bypass()) return real_scan();
  descriptorUsed(call, fileno_unlocked(stream));
  const int assigned = callOnStream(call, stream, real_scan);
  acquireFd(call.thread(), fileno_unlocked(stream));
  checkScanf(call, format, copy, assigned);
  return assigned;
}

}  // namespace

// Streams and descriptors

HINDSIGHT_INTERCEPTOR int vfprintf(FILE* stream, const char* format, va_list arguments) {
  return printToStream(HINDSIGHT_CALLER_PC, stream, format, arguments,
                       [&] { return real.vfprintf(stream, format, arguments); });
}
HINDSIGHT_ALIAS(_IO_vfprintf, vfprintf);

HINDSIGHT_INTERCEPTOR int vprintf(const char* format, va_list arguments) {
  return printToStream(HINDSIGHT_CALLER_PC, stdout, format, arguments,
                       [&] { return real.vprintf(format, arguments); });
}

HINDSIGHT_INTERCEPTOR int vdprintf(int fd, const char* format, va_list arguments) {
  return printToFd(HINDSIGHT_CALLER_PC, fd, format, arguments,
                   [&] { return real.vdprintf(fd, format, arguments); });
}

HINDSIGHT_INTERCEPTOR int fprintf(FILE* stream, const char* format, ...) {
  HINDSIGHT_ARGUMENTS(list, format);
  return printToStream(HINDSIGHT_CALLER_PC, stream, format, list,
                       [&] { return real.vfprintf(stream, format, list); });
}
HINDSIGHT_ALIAS(_IO_fprintf, fprintf);

HINDSIGHT_INTERCEPTOR int printf(const char* format, ...) {
  HINDSIGHT_ARGUMENTS(list, format);
  return printToStream(HINDSIGHT_CALLER_PC, stdout, format, list,
                       [&] { return real.vprintf(format, list); });
}
HINDSIGHT_ALIAS(_IO_printf, printf);

HINDSIGHT_INTERCEPTOR int dprintf(int fd, const char* format, ...) {
  HINDSIGHT_ARGUMENTS(list, format);
  return printToFd(HINDSIGHT_CALLER_PC, fd, format, list,
                   [&] { return real.vdprintf(fd, format, list); });
}

HINDSIGHT_INTERCEPTOR int __vfprintf_chk(FILE* stream, int flag, const char* format,
                                         va_list arguments) {
  return printToStream(HINDSIGHT_CALLER_PC, stream, format, arguments,
                       [&] { return real.__vfprintf_chk(stream, flag, format, arguments); });
}

HINDSIGHT_INTERCEPTOR int __vprintf_chk(int flag, const char* format, va_list arguments) {
  return printToStream(HINDSIGHT_CALLER_PC, stdout, format, arguments,
                       [&] { return real.__vprintf_chk(flag, format, arguments); });
}

HINDSIGHT_INTERCEPTOR int __vdprintf_chk(int fd, int flag, const char* format, va_list arguments) {
  return printToFd(HINDSIGHT_CALLER_PC, fd, format, arguments,
                   [&] { return real.__vdprintf_chk(fd, flag, format, arguments); });
}

HINDSIGHT_INTERCEPTOR int __fprintf_chk(FILE* stream, int flag, const char* format, ...) {
  HINDSIGHT_ARGUMENTS(list, format);
  return printToStream(HINDSIGHT_CALLER_PC, stream, format, list,
                       [&] { return real.__vfprintf_chk(stream, flag, format, list); });
}

HINDSIGHT_INTERCEPTOR int __printf_chk(int flag, const char* format, ...) {
  HINDSIGHT_ARGUMENTS(list, format);
  return printToStream(HINDSIGHT_CALLER_PC, stdout, format, list,
                       [&] { return real.__vprintf_chk(flag, format, list); });
}

HINDSIGHT_INTERCEPTOR int __dprintf_chk(int fd, int flag, const char* format, ...) {
  HINDSIGHT_ARGUMENTS(list, format);
  return printToFd(HINDSIGHT_CALLER_PC, fd, format, list,
                   [&] { return real.__vdprintf_chk(fd, flag, format, list); });
}

// Buffers

HINDSIGHT_INTERCEPTOR int vsnprintf(char* to, size_t room, const char* format,
                                    va_list arguments) noexcept {
  return printToBuffer(HINDSIGHT_CALLER_PC, to, room, format, arguments,
                       [&] { return real.vsnprintf(to, room, format, arguments); });
}
HINDSIGHT_ALIAS(__vsnprintf, vsnprintf);

HINDSIGHT_INTERCEPTOR int vsprintf(char* to, const char* format, va_list arguments) noexcept {
  return printToBuffer(HINDSIGHT_CALLER_PC, to, kNoLimit, format, arguments,
                       [&] { return real.vsprintf(to, format, arguments); });
}
HINDSIGHT_ALIAS(_IO_vsprintf, vsprintf);

HINDSIGHT_INTERCEPTOR int vasprintf(char** to, const char* format, va_list arguments) noexcept {
  return printToNew(HINDSIGHT_CALLER_PC, to, format, arguments,
                    [&] { return real.vasprintf(to, format, arguments); });
}

HINDSIGHT_INTERCEPTOR int snprintf(char* to, size_t room, const char* format, ...) noexcept {
  HINDSIGHT_ARGUMENTS(list, format);
  return printToBuffer(HINDSIGHT_CALLER_PC, to, room, format, list,
                       [&] { return real.vsnprintf(to, room, format, list); });
}

HINDSIGHT_INTERCEPTOR int sprintf(char* to, const char* format, ...) noexcept {
  HINDSIGHT_ARGUMENTS(list, format);
  return printToBuffer(HINDSIGHT_CALLER_PC, to, kNoLimit, format, list,
                       [&] { return real.vsprintf(to, format, list); });
}
HINDSIGHT_ALIAS(_IO_sprintf, sprintf);

HINDSIGHT_INTERCEPTOR int asprintf(char** to, const char* format, ...) noexcept {
  HINDSIGHT_ARGUMENTS(list, format);
  return printToNew(HINDSIGHT_CALLER_PC, to, format, list,
                    [&] { return real.vasprintf(to, format, list); });
}
HINDSIGHT_ALIAS(__asprintf, asprintf);

HINDSIGHT_INTERCEPTOR int __vsnprintf_chk(char* to, size_t room, int flag, size_t object_room,
                                          const char* format, va_list arguments) noexcept {
  return printToBuffer(HINDSIGHT_CALLER_PC, to, room, format, arguments, [&] {
    return real.__vsnprintf_chk(to, room, flag, object_room, format, arguments);
  });
}

HINDSIGHT_INTERCEPTOR int __vsprintf_chk(char* to, int flag, size_t room, const char* format,
                                         va_list arguments) noexcept {
  return printToBuffer(HINDSIGHT_CALLER_PC, to, kNoLimit, format, arguments,
                       [&] { return real.__vsprintf_chk(to, flag, room, format, arguments); });
}

HINDSIGHT_INTERCEPTOR int __vasprintf_chk(char** to, int flag, const char* format,
                                          va_list arguments) noexcept {
  return printToNew(HINDSIGHT_CALLER_PC, to, format, arguments,
                    [&] { return real.__vasprintf_chk(to, flag, format, arguments); });
}

HINDSIGHT_INTERCEPTOR int __snprintf_chk(char* to, size_t room, int flag, size_t object_room,
                                         const char* format, ...) noexcept {
  HINDSIGHT_ARGUMENTS(list, format);
  return printToBuffer(HINDSIGHT_CALLER_PC, to, room, format, list, [&] {
    return real.__vsnprintf_chk(to, room, flag, object_room, format, list);
  });
}

HINDSIGHT_INTERCEPTOR int __sprintf_chk(char* to, int flag, size_t room, const char* format,
                                        ...) noexcept {
  HINDSIGHT_ARGUMENTS(list, format);
  return printToBuffer(HINDSIGHT_CALLER_PC, to, kNoLimit, format, list,
                       [&] { return real.__vsprintf_chk(to, flag, room, format, list); });
}

HINDSIGHT_INTERCEPTOR int __asprintf_chk(char** to, int flag, const char* format, ...) noexcept {
  HINDSIGHT_ARGUMENTS(list, format);
  return printToNew(HINDSIGHT_CALLER_PC, to, format, list,
                    [&] { return real.__vasprintf_chk(to, flag, format, list); });
}

// Scanning. C99 and later mean the __isoc99 names, and the headers rename `sscanf` to them; older
// C dialects still call the plain names, which differ in the meaning of `%as` only.

HINDSIGHT_INTERCEPTOR int __isoc99_vsscanf(const char* text, const char* format,
                                           va_list arguments) noexcept {
  return scanText(HINDSIGHT_CALLER_PC, text, format, arguments,
                  [&] { return real.__isoc99_vsscanf(text, format, arguments); });
}

HINDSIGHT_INTERCEPTOR int __isoc99_sscanf(const char* text, const char* format, ...) noexcept {
  HINDSIGHT_ARGUMENTS(list, format);
  return scanText(HINDSIGHT_CALLER_PC, text, format, list,
                  [&] { return real.__isoc99_vsscanf(text, format, list); });
}

HINDSIGHT_INTERCEPTOR int __isoc99_vfscanf(FILE* stream, const char* format, va_list arguments) {
  return scanStream(HINDSIGHT_CALLER_PC, stream, format, arguments,
                    [&] { return real.__isoc99_vfscanf(stream, format, arguments); });
}

HINDSIGHT_INTERCEPTOR int __isoc99_fscanf(FILE* stream, const char* format, ...) {
  HINDSIGHT_ARGUMENTS(list, format);
  return scanStream(HINDSIGHT_CALLER_PC, stream, format, list,
                    [&] { return real.__isoc99_vfscanf(stream, format, list); });
}

HINDSIGHT_INTERCEPTOR int __isoc99_vscanf(const char* format, va_list arguments) {
  return scanStream(HINDSIGHT_CALLER_PC, stdin, format, arguments,
                    [&] { return real.__isoc99_vscanf(format, arguments); });
}

HINDSIGHT_INTERCEPTOR int __isoc99_scanf(const char* format, ...) {
  HINDSIGHT_ARGUMENTS(list, format);
  return scanStream(HINDSIGHT_CALLER_PC, stdin, format, list,
                    [&] { return real.__isoc99_vscanf(format, list); });
}

// `sscanf` in this file would again be the __isoc99 name, hence the explicit symbol.
HINDSIGHT_INTERCEPTOR int plainSscanf(const char* text, const char* format, ...) noexcept
    asm("sscanf");
HINDSIGHT_INTERCEPTOR int plainSscanf(const char* text, const char* format, ...) noexcept {
  HINDSIGHT_ARGUMENTS(list, format);
  return scanText(HINDSIGHT_CALLER_PC, text, format, list,
                  [&] { return real.vsscanf(text, format, list); });
}

HINDSIGHT_INTERCEPTOR int plainVsscanf(const char* text, const char* format,
                                       va_list arguments) noexcept asm("vsscanf");
HINDSIGHT_INTERCEPTOR int plainVsscanf(const char* text, const char* format,
                                       va_list arguments) noexcept {
  return scanText(HINDSIGHT_CALLER_PC, text, format, arguments,
                  [&] { return real.vsscanf(text, format, arguments); });
}

HINDSIGHT_INTERCEPTOR int plainFscanf(FILE* stream, const char* format, ...) asm("fscanf");
HINDSIGHT_INTERCEPTOR int plainFscanf(FILE* stream, const char* format, ...) {
  HINDSIGHT_ARGUMENTS(list, format);
  return scanStream(HINDSIGHT_CALLER_PC, stream, format, list,
                    [&] { return real.vfscanf(stream, format, list); });
}

HINDSIGHT_INTERCEPTOR int plainVfscanf(FILE* stream, const char* format,
                                       va_list arguments) asm("vfscanf");
HINDSIGHT_INTERCEPTOR int plainVfscanf(FILE* stream, const char* format, va_list arguments) {
  return scanStream(HINDSIGHT_CALLER_PC, stream, format, arguments,
                    [&] { return real.vfscanf(stream, format, arguments); });
}

HINDSIGHT_INTERCEPTOR int plainScanf(const char* format, ...) asm("scanf");
HINDSIGHT_INTERCEPTOR int plainScanf(const char* format, ...) {
  HINDSIGHT_ARGUMENTS(list, format);
  return scanStream(HINDSIGHT_CALLER_PC, stdin, format, list,
                    [&] { return real.vscanf(format, list); });
}

HINDSIGHT_INTERCEPTOR int plainVscanf(const char* format, va_list arguments) asm("vscanf");
HINDSIGHT_INTERCEPTOR int plainVscanf(const char* format, va_list arguments) {
  return scanStream(HINDSIGHT_CALLER_PC, stdin, format, arguments,
                    [&] { return real.vscanf(format, arguments); });
}

HINDSIGHT_ALIAS_AS(int _IO_sscanf(const char*, const char*, ...) noexcept, sscanf);
HINDSIGHT_ALIAS_AS(int __vsscanf(const char*, const char*, va_list) noexcept, vsscanf);
HINDSIGHT_ALIAS_AS(int __vfscanf(FILE*, const char*, va_list), vfscanf);
