// character_stream.cpp - stdio by characters and lines, locked and not, and what the headers'
// inline forms call.
//
// As in stream.cpp: what may leave releases the stream's descriptor, what was read acquires it. The
// inline forms of putc_unlocked and getc_unlocked come here when the buffer is full or empty.
//
// Thread safety: any thread. Allocation: none of ours.
#include "intercept/real_calls.h"

#include "intercept/fd_sync.h"
#include "intercept/memory_stream.h"
#include "intercept/stream_buffer.h"
#include "intercept/uniform.h"

#include <stdio_ext.h>

using namespace hindsight;

namespace {

void leaves(InterceptedCall& call, FILE* stream) {
  if (fdOrders(fileno_unlocked(stream))) releaseFd(call.thread(), fileno_unlocked(stream));
}

void came(InterceptedCall& call, FILE* stream) {
  acquireFd(call.thread(), fileno_unlocked(stream));
}

}  // namespace

// Characters out

HINDSIGHT_INTERCEPTOR int fputc(int c, FILE* stream) {
  return interceptedOn(
      stream, HINDSIGHT_CALLER_PC, [=] { return real.fputc(c, stream); },
      [=](InterceptedCall& call) { leaves(call, stream); });
}

HINDSIGHT_INTERCEPTOR int putc(int c, FILE* stream) {
  return interceptedOn(
      stream, HINDSIGHT_CALLER_PC, [=] { return real.putc(c, stream); },
      [=](InterceptedCall& call) { leaves(call, stream); });
}

HINDSIGHT_INTERCEPTOR int fputc_unlocked(int c, FILE* stream) {
  return interceptedOn(
      stream, HINDSIGHT_CALLER_PC, [=] { return real.fputc_unlocked(c, stream); },
      [=](InterceptedCall& call) { leaves(call, stream); });
}

HINDSIGHT_INTERCEPTOR int putc_unlocked(int c, FILE* stream) {
  return interceptedOn(
      stream, HINDSIGHT_CALLER_PC, [=] { return real.putc_unlocked(c, stream); },
      [=](InterceptedCall& call) { leaves(call, stream); });
}

HINDSIGHT_INTERCEPTOR wint_t fputwc(wchar_t wc, __FILE* stream) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.fputwc(wc, stream); },
      [=](InterceptedCall& call) { leaves(call, stream); });
}

HINDSIGHT_INTERCEPTOR wint_t putwc(wchar_t wc, __FILE* stream) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.putwc(wc, stream); },
      [=](InterceptedCall& call) { leaves(call, stream); });
}

HINDSIGHT_INTERCEPTOR wint_t fputwc_unlocked(wchar_t wc, __FILE* stream) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.fputwc_unlocked(wc, stream); },
      [=](InterceptedCall& call) { leaves(call, stream); });
}

HINDSIGHT_INTERCEPTOR wint_t putwc_unlocked(wchar_t wc, __FILE* stream) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.putwc_unlocked(wc, stream); },
      [=](InterceptedCall& call) { leaves(call, stream); });
}

HINDSIGHT_INTERCEPTOR int putw(int w, FILE* stream) {
  return interceptedOn(
      stream, HINDSIGHT_CALLER_PC, [=] { return real.putw(w, stream); },
      [=](InterceptedCall& call) { leaves(call, stream); });
}
HINDSIGHT_ALIAS(_IO_putc, putc);

HINDSIGHT_INTERCEPTOR int putchar(int c) {
  return interceptedOn(
      stdout, HINDSIGHT_CALLER_PC, [=] { return real.putchar(c); },
      [=](InterceptedCall& call) { leaves(call, stdout); });
}

HINDSIGHT_INTERCEPTOR int putchar_unlocked(int c) {
  return interceptedOn(
      stdout, HINDSIGHT_CALLER_PC, [=] { return real.putchar_unlocked(c); },
      [=](InterceptedCall& call) { leaves(call, stdout); });
}

HINDSIGHT_INTERCEPTOR wint_t putwchar(wchar_t wc) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.putwchar(wc); },
      [=](InterceptedCall& call) { leaves(call, stdout); });
}

HINDSIGHT_INTERCEPTOR wint_t putwchar_unlocked(wchar_t wc) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.putwchar_unlocked(wc); },
      [=](InterceptedCall& call) { leaves(call, stdout); });
}

HINDSIGHT_INTERCEPTOR int __overflow(FILE* stream, int character) {
  return interceptedOn(
      stream, HINDSIGHT_CALLER_PC, [=] { return real.__overflow(stream, character); },
      [=](InterceptedCall& call) { leaves(call, stream); });
}

HINDSIGHT_INTERCEPTOR wint_t __woverflow(FILE* stream, wint_t character) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.__woverflow(stream, character); },
      [=](InterceptedCall& call) { leaves(call, stream); });
}

// Characters in

HINDSIGHT_INTERCEPTOR int fgetc_unlocked(FILE* stream) {
  return interceptedOn(
      stream, HINDSIGHT_CALLER_PC, [=] { return real.fgetc_unlocked(stream); }, kReadsNothing,
      [=](InterceptedCall& call, auto&&) { came(call, stream); });
}

HINDSIGHT_INTERCEPTOR int getc_unlocked(FILE* stream) {
  return interceptedOn(
      stream, HINDSIGHT_CALLER_PC, [=] { return real.getc_unlocked(stream); }, kReadsNothing,
      [=](InterceptedCall& call, auto&&) { came(call, stream); });
}

HINDSIGHT_INTERCEPTOR wint_t fgetwc(__FILE* stream) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.fgetwc(stream); }, kReadsNothing,
      [=](InterceptedCall& call, auto&&) { came(call, stream); });
}

HINDSIGHT_INTERCEPTOR wint_t getwc(__FILE* stream) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.getwc(stream); }, kReadsNothing,
      [=](InterceptedCall& call, auto&&) { came(call, stream); });
}

HINDSIGHT_INTERCEPTOR wint_t fgetwc_unlocked(__FILE* stream) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.fgetwc_unlocked(stream); }, kReadsNothing,
      [=](InterceptedCall& call, auto&&) { came(call, stream); });
}

HINDSIGHT_INTERCEPTOR wint_t getwc_unlocked(__FILE* stream) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.getwc_unlocked(stream); }, kReadsNothing,
      [=](InterceptedCall& call, auto&&) { came(call, stream); });
}

HINDSIGHT_INTERCEPTOR int getw(FILE* stream) {
  return interceptedOn(
      stream, HINDSIGHT_CALLER_PC, [=] { return real.getw(stream); }, kReadsNothing,
      [=](InterceptedCall& call, auto&&) { came(call, stream); });
}

HINDSIGHT_INTERCEPTOR int getchar_unlocked() {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.getchar_unlocked(); }, kReadsNothing,
      [=](InterceptedCall& call, auto&&) { came(call, stdin); });
}

HINDSIGHT_INTERCEPTOR wint_t getwchar() {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.getwchar(); }, kReadsNothing,
      [=](InterceptedCall& call, auto&&) { came(call, stdin); });
}

HINDSIGHT_INTERCEPTOR wint_t getwchar_unlocked() {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.getwchar_unlocked(); }, kReadsNothing,
      [=](InterceptedCall& call, auto&&) { came(call, stdin); });
}

HINDSIGHT_INTERCEPTOR int __uflow(FILE* stream) {
  return interceptedOn(
      stream, HINDSIGHT_CALLER_PC, [=] { return real.__uflow(stream); }, kReadsNothing,
      [=](InterceptedCall& call, auto&&) { came(call, stream); });
}

HINDSIGHT_INTERCEPTOR int __underflow(FILE* stream) {
  return interceptedOn(
      stream, HINDSIGHT_CALLER_PC, [=] { return real.__underflow(stream); }, kReadsNothing,
      [=](InterceptedCall& call, auto&&) { came(call, stream); });
}

HINDSIGHT_INTERCEPTOR wint_t __wuflow(FILE* stream) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.__wuflow(stream); }, kReadsNothing,
      [=](InterceptedCall& call, auto&&) { came(call, stream); });
}

HINDSIGHT_INTERCEPTOR wint_t __wunderflow(FILE* stream) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.__wunderflow(stream); }, kReadsNothing,
      [=](InterceptedCall& call, auto&&) { came(call, stream); });
}

// Lines

HINDSIGHT_INTERCEPTOR char* fgets_unlocked(char* s, int n, FILE* stream) {
  return interceptedOn(
      stream, HINDSIGHT_CALLER_PC, [=] { return real.fgets_unlocked(s, n, stream); }, kReadsNothing,
      [=](InterceptedCall& call, auto result) {
        came(call, stream);
        if (result != nullptr) writesText(call, s);
      });
}

HINDSIGHT_INTERCEPTOR char* __fgets_unlocked_chk(char* buffer, size_t room, int bytes,
                                                 FILE* stream) {
  return interceptedOn(
      stream, HINDSIGHT_CALLER_PC,
      [=] { return real.__fgets_unlocked_chk(buffer, room, bytes, stream); }, kReadsNothing,
      [=](InterceptedCall& call, auto result) {
        came(call, stream);
        if (result != nullptr) writesText(call, buffer);
      });
}

HINDSIGHT_INTERCEPTOR wchar_t* fgetws(wchar_t* ws, int n, __FILE* stream) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.fgetws(ws, n, stream); }, kReadsNothing,
      [=](InterceptedCall& call, auto result) {
        came(call, stream);
        if (result != nullptr) writesWide(call, ws);
      });
}

HINDSIGHT_INTERCEPTOR wchar_t* fgetws_unlocked(wchar_t* ws, int n, __FILE* stream) {
  return interceptedOn(
      stream, HINDSIGHT_CALLER_PC, [=] { return real.fgetws_unlocked(ws, n, stream); },
      kReadsNothing,
      [=](InterceptedCall& call, auto result) {
        came(call, stream);
        if (result != nullptr) writesWide(call, ws);
      });
}

HINDSIGHT_INTERCEPTOR wchar_t* __fgetws_chk(wchar_t* buffer, size_t room, int count, FILE* stream) {
  return interceptedOn(
      stream, HINDSIGHT_CALLER_PC, [=] { return real.__fgetws_chk(buffer, room, count, stream); },
      kReadsNothing,
      [=](InterceptedCall& call, auto result) {
        came(call, stream);
        if (result != nullptr) writesWide(call, buffer);
      });
}

HINDSIGHT_INTERCEPTOR wchar_t* __fgetws_unlocked_chk(wchar_t* buffer, size_t room, int count,
                                                     FILE* stream) {
  return interceptedOn(
      stream, HINDSIGHT_CALLER_PC,
      [=] { return real.__fgetws_unlocked_chk(buffer, room, count, stream); }, kReadsNothing,
      [=](InterceptedCall& call, auto result) {
        came(call, stream);
        if (result != nullptr) writesWide(call, buffer);
      });
}

HINDSIGHT_INTERCEPTOR char* gets(char* buffer) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.gets(buffer); }, kReadsNothing,
      [=](InterceptedCall& call, auto result) {
        came(call, stdin);
        if (result != nullptr) writesText(call, buffer);
      });
}
HINDSIGHT_ALIAS(_IO_gets, gets);

HINDSIGHT_INTERCEPTOR char* __gets_chk(char* buffer, size_t room) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.__gets_chk(buffer, room); }, kReadsNothing,
      [=](InterceptedCall& call, auto result) {
        came(call, stdin);
        if (result != nullptr) writesText(call, buffer);
      });
}

HINDSIGHT_INTERCEPTOR int fputs_unlocked(const char* s, FILE* stream) {
  return interceptedOn(
      stream, HINDSIGHT_CALLER_PC, [=] { return real.fputs_unlocked(s, stream); },
      [=](InterceptedCall& call) {
        readsText(call, s);
        leaves(call, stream);
      });
}

HINDSIGHT_INTERCEPTOR int fputws(const wchar_t* ws, __FILE* stream) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.fputws(ws, stream); },
      [=](InterceptedCall& call) {
        readsWide(call, ws);
        leaves(call, stream);
      });
}

HINDSIGHT_INTERCEPTOR int fputws_unlocked(const wchar_t* ws, __FILE* stream) {
  return interceptedOn(
      stream, HINDSIGHT_CALLER_PC, [=] { return real.fputws_unlocked(ws, stream); },
      [=](InterceptedCall& call) {
        readsWide(call, ws);
        leaves(call, stream);
      });
}

HINDSIGHT_INTERCEPTOR size_t __fread_unlocked_chk(void* buffer, size_t room, size_t size,
                                                  size_t count, FILE* stream) {
  return interceptedOn(
      stream, HINDSIGHT_CALLER_PC,
      [=] { return real.__fread_unlocked_chk(buffer, room, size, count, stream); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        came(call, stream);
        writesBytes(call, buffer, result * size);
      });
}

// Streams as a whole

/// Opens no descriptor: `fd` keeps its channels.
HINDSIGHT_INTERCEPTOR FILE* fdopen(int fd, const char* modes) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.fdopen(fd, modes); },
      [=](InterceptedCall& call) { readsText(call, modes); });
}
HINDSIGHT_ALIAS(_IO_fdopen, fdopen);

HINDSIGHT_INTERCEPTOR int fflush_unlocked(FILE* stream) {
  return interceptedOn(
      stream, HINDSIGHT_CALLER_PC, [=] { return real.fflush_unlocked(stream); },
      [=](InterceptedCall& call) {
        if (stream != nullptr) leaves(call, stream);
      },
      [=](InterceptedCall& call, auto&&) { memoryStreamFlushed(call, stream); });
}

HINDSIGHT_INTERCEPTOR int fgetpos(FILE* stream, fpos_t* pos) {
  return interceptedOn(
      stream, HINDSIGHT_CALLER_PC, [=] { return real.fgetpos(stream, pos); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, pos);
      });
}
HINDSIGHT_ALIAS_AS(decltype(::fgetpos64) fgetpos64, fgetpos);
HINDSIGHT_ALIAS(_IO_fgetpos, fgetpos);
HINDSIGHT_ALIAS(_IO_fgetpos64, fgetpos);

HINDSIGHT_INTERCEPTOR int fsetpos(FILE* stream, const fpos_t* pos) {
  return interceptedOn(
      stream, HINDSIGHT_CALLER_PC, [=] { return real.fsetpos(stream, pos); },
      [=](InterceptedCall& call) { readsObject(call, pos); });
}
HINDSIGHT_ALIAS_AS(decltype(::fsetpos64) fsetpos64, fsetpos);
HINDSIGHT_ALIAS(_IO_fsetpos, fsetpos);
HINDSIGHT_ALIAS(_IO_fsetpos64, fsetpos);

HINDSIGHT_INTERCEPTOR void perror(const char* s) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.perror(s); },
      [=](InterceptedCall& call) {
        readsText(call, s);
        leaves(call, stderr);
      });
}

HINDSIGHT_INTERCEPTOR void psignal(int sig, const char* s) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.psignal(sig, s); },
      [=](InterceptedCall& call) {
        readsText(call, s);
        leaves(call, stderr);
      });
}

HINDSIGHT_INTERCEPTOR void psiginfo(const siginfo_t* pinfo, const char* s) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.psiginfo(pinfo, s); },
      [=](InterceptedCall& call) {
        readsObject(call, pinfo);
        readsText(call, s);
        leaves(call, stderr);
      });
}
