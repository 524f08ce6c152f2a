// regular_expression.cpp - POSIX and GNU regular expressions.
//
// A compiled expression may be used by many threads: matching reads it (what glibc changes inside,
// it locks). REG_NOSUB and the limits of what was matched are honoured.
//
// Thread safety: any thread. Allocation: none of ours.
#include "intercept/real_calls.h"

#include "intercept/uniform.h"

#include <regex.h>

using namespace hindsight;

namespace {

void readsSubject(InterceptedCall& call, const char* text, int bytes) {
  if (bytes > 0) readsBytes(call, text, static_cast<size_t>(bytes));
}

/// The registers of GNU matching, filled for what was found.
void writesRegisters(InterceptedCall& call, const re_registers* registers, int found) {
  if (registers == nullptr || found < 0) return;
  writesObject(call, registers);
  writesBytes(call, registers->start, registers->num_regs * sizeof *registers->start);
  writesBytes(call, registers->end, registers->num_regs * sizeof *registers->end);
}

}  // namespace

HINDSIGHT_INTERCEPTOR int regcomp(regex_t* preg, const char* pattern, int cflags) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.regcomp(preg, pattern, cflags); },
      [=](InterceptedCall& call) { readsText(call, pattern); },
      [=](InterceptedCall& call, auto&&) { writesObject(call, preg); });
}

HINDSIGHT_INTERCEPTOR int regexec(const regex_t* expression, const char* text, size_t count,
                                  regmatch_t matches[], int flags) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.regexec(expression, text, count, matches, flags); },
      [=](InterceptedCall& call) {
        readsObject(call, expression);
        if ((flags & REG_STARTEND) == 0) return readsText(call, text);
        readsObject(call, matches);
        readsBytes(call, text + matches->rm_so,
                   static_cast<size_t>(matches->rm_eo - matches->rm_so));
      },
      [=](InterceptedCall& call, int error) {
        if (error == 0 && !expression->__REPB_PREFIX(no_sub))
          writesBytes(call, matches, count * sizeof *matches);
      });
}

HINDSIGHT_INTERCEPTOR size_t regerror(int errcode, const regex_t* preg, char* errbuf,
                                      size_t errbuf_size) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.regerror(errcode, preg, errbuf, errbuf_size); },
      [=](InterceptedCall& call) { readsObject(call, preg); },
      [=](InterceptedCall& call, const auto result) {
        if (errbuf_size != 0) writesBytes(call, errbuf, min(result, errbuf_size));
      });
}

HINDSIGHT_INTERCEPTOR void regfree(regex_t* preg) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.regfree(preg); }, kReadsNothing,
      [=](InterceptedCall& call) { writesObject(call, preg); });
}

HINDSIGHT_INTERCEPTOR reg_syntax_t re_set_syntax(reg_syntax_t syntax) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.re_set_syntax(syntax); },
      [](InterceptedCall& call) { readsObject(call, &re_syntax_options); },
      [](InterceptedCall& call, auto&&) { writesObject(call, &re_syntax_options); });
}

HINDSIGHT_INTERCEPTOR const char* re_compile_pattern(const char* pattern, size_t length,
                                                     struct re_pattern_buffer* buffer) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.re_compile_pattern(pattern, length, buffer); },
      [=](InterceptedCall& call) {
        readsBytes(call, pattern, length);
        readsObject(call, &re_syntax_options);
      },
      [=](InterceptedCall& call, auto&&) { writesObject(call, buffer); });
}

HINDSIGHT_INTERCEPTOR int re_compile_fastmap(struct re_pattern_buffer* buffer) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.re_compile_fastmap(buffer); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, buffer);
      });
}

HINDSIGHT_INTERCEPTOR regoff_t re_search(struct re_pattern_buffer* buffer, const char* string,
                                         regoff_t length, regoff_t start, regoff_t range,
                                         struct re_registers* regs) {
  return intercepted(
      HINDSIGHT_CALLER_PC,
      [=] { return real.re_search(buffer, string, length, start, range, regs); },
      [=](InterceptedCall& call) {
        readsObject(call, buffer);
        readsSubject(call, string, length);
      },
      [=](InterceptedCall& call, const auto result) { writesRegisters(call, regs, result); });
}

HINDSIGHT_INTERCEPTOR regoff_t re_match(struct re_pattern_buffer* buffer, const char* string,
                                        regoff_t length, regoff_t start,
                                        struct re_registers* regs) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.re_match(buffer, string, length, start, regs); },
      [=](InterceptedCall& call) {
        readsObject(call, buffer);
        readsSubject(call, string, length);
      },
      [=](InterceptedCall& call, const auto result) { writesRegisters(call, regs, result); });
}

HINDSIGHT_INTERCEPTOR regoff_t re_search_2(struct re_pattern_buffer* buffer, const char* string1,
                                           regoff_t length1, const char* string2, regoff_t length2,
                                           regoff_t start, regoff_t range,
                                           struct re_registers* regs, regoff_t stop) {
  return intercepted(
      HINDSIGHT_CALLER_PC,
      [=] {
        return real.re_search_2(buffer, string1, length1, string2, length2, start, range, regs,
                                stop);
      },
      [=](InterceptedCall& call) {
        readsObject(call, buffer);
        readsSubject(call, string1, length1);
        readsSubject(call, string2, length2);
      },
      [=](InterceptedCall& call, const auto result) { writesRegisters(call, regs, result); });
}

HINDSIGHT_INTERCEPTOR regoff_t re_match_2(struct re_pattern_buffer* buffer, const char* string1,
                                          regoff_t length1, const char* string2, regoff_t length2,
                                          regoff_t start, struct re_registers* regs,
                                          regoff_t stop) {
  return intercepted(
      HINDSIGHT_CALLER_PC,
      [=] {
        return real.re_match_2(buffer, string1, length1, string2, length2, start, regs, stop);
      },
      [=](InterceptedCall& call) {
        readsObject(call, buffer);
        readsSubject(call, string1, length1);
        readsSubject(call, string2, length2);
      },
      [=](InterceptedCall& call, const auto result) { writesRegisters(call, regs, result); });
}

HINDSIGHT_INTERCEPTOR void re_set_registers(struct re_pattern_buffer* buffer,
                                            struct re_registers* regs, __re_size_t num_regs,
                                            regoff_t* starts, regoff_t* ends) {
  return intercepted(
      HINDSIGHT_CALLER_PC,
      [=] { return real.re_set_registers(buffer, regs, num_regs, starts, ends); }, kReadsNothing,
      [=](InterceptedCall& call) {
        writesObject(call, buffer);
        writesObject(call, regs);
      });
}
