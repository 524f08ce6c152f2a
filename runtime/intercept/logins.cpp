// logins.cpp - who is logged in: utmp, wtmp and the login name.
//
// Thread safety: any thread. Allocation: none of ours.
#include "intercept/real_calls.h"

#include "intercept/uniform.h"

#include <utmp.h>
#include <utmpx.h>

using namespace hindsight;

// Logins

HINDSIGHT_INTERCEPTOR char* getlogin() {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.getlogin(); }, kReadsNothing,
      [=](InterceptedCall& call, auto result) { writesText(call, result); });
}

HINDSIGHT_INTERCEPTOR int getlogin_r(char* name, size_t name_len) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.getlogin_r(name, name_len); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesText(call, name);
      });
}

HINDSIGHT_INTERCEPTOR int __getlogin_r_chk(char* name, size_t bytes, size_t room) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.__getlogin_r_chk(name, bytes, room); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesText(call, name);
      });
}

HINDSIGHT_INTERCEPTOR int setlogin(const char* name) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.setlogin(name); },
      [=](InterceptedCall& call) { readsText(call, name); });
}

HINDSIGHT_INTERCEPTOR char* cuserid(char* s) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.cuserid(s); }, kReadsNothing,
      [=](InterceptedCall& call, auto result) { writesText(call, result); });
}

HINDSIGHT_INTERCEPTOR struct utmp* getutent() noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.getutent(); }, kReadsNothing,
      [=](InterceptedCall& call, auto result) { writesObject(call, result); });
}

HINDSIGHT_INTERCEPTOR struct utmp* getutid(const struct utmp* id) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.getutid(id); },
      [=](InterceptedCall& call) { readsObject(call, id); },
      [=](InterceptedCall& call, auto result) { writesObject(call, result); });
}

HINDSIGHT_INTERCEPTOR struct utmp* getutline(const struct utmp* line) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.getutline(line); },
      [=](InterceptedCall& call) { readsObject(call, line); },
      [=](InterceptedCall& call, auto result) { writesObject(call, result); });
}

HINDSIGHT_INTERCEPTOR int getutent_r(struct utmp* buffer, struct utmp** out) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.getutent_r(buffer, out); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) {
          writesObject(call, out);
          writesObject(call, buffer);
        }
      });
}

HINDSIGHT_INTERCEPTOR int getutid_r(const struct utmp* id, struct utmp* buffer,
                                    struct utmp** out) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.getutid_r(id, buffer, out); },
      [=](InterceptedCall& call) { readsObject(call, id); },
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) {
          writesObject(call, out);
          writesObject(call, buffer);
        }
      });
}

HINDSIGHT_INTERCEPTOR int getutline_r(const struct utmp* line, struct utmp* buffer,
                                      struct utmp** out) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.getutline_r(line, buffer, out); },
      [=](InterceptedCall& call) { readsObject(call, line); },
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) {
          writesObject(call, out);
          writesObject(call, buffer);
        }
      });
}

HINDSIGHT_INTERCEPTOR struct utmp* pututline(const struct utmp* utmp_ptr) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.pututline(utmp_ptr); },
      [=](InterceptedCall& call) { readsObject(call, utmp_ptr); },
      [=](InterceptedCall& call, auto result) {
        if (result != utmp_ptr) writesObject(call, result);
      });
}

HINDSIGHT_INTERCEPTOR int utmpname(const char* file) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.utmpname(file); },
      [=](InterceptedCall& call) { readsText(call, file); });
}

HINDSIGHT_INTERCEPTOR void updwtmp(const char* wtmp_file, const struct utmp* utmp) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.updwtmp(wtmp_file, utmp); },
      [=](InterceptedCall& call) {
        readsText(call, wtmp_file);
        readsObject(call, utmp);
      });
}

HINDSIGHT_INTERCEPTOR void login(const struct utmp* entry) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.login(entry); },
      [=](InterceptedCall& call) { readsObject(call, entry); });
}

HINDSIGHT_INTERCEPTOR int logout(const char* ut_line) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.logout(ut_line); },
      [=](InterceptedCall& call) { readsText(call, ut_line); });
}

HINDSIGHT_INTERCEPTOR void logwtmp(const char* ut_line, const char* ut_name,
                                   const char* ut_host) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.logwtmp(ut_line, ut_name, ut_host); },
      [=](InterceptedCall& call) {
        readsText(call, ut_line);
        readsText(call, ut_name);
        readsText(call, ut_host);
      });
}
HINDSIGHT_ALIAS_AS(decltype(::getutxent) getutxent, getutent);
HINDSIGHT_ALIAS_AS(decltype(::getutxid) getutxid, getutid);
HINDSIGHT_ALIAS_AS(decltype(::getutxline) getutxline, getutline);
HINDSIGHT_ALIAS_AS(decltype(::pututxline) pututxline, pututline);
HINDSIGHT_ALIAS_AS(decltype(::utmpxname) utmpxname, utmpname);
HINDSIGHT_ALIAS_AS(decltype(::updwtmpx) updwtmpx, updwtmp);

HINDSIGHT_INTERCEPTOR void getutmp(const struct utmpx* utmpx, struct utmp* utmp) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.getutmp(utmpx, utmp); },
      [=](InterceptedCall& call) { readsObject(call, utmpx); },
      [=](InterceptedCall& call) { writesObject(call, utmp); });
}
HINDSIGHT_ALIAS_AS(decltype(::getutmpx) getutmpx, getutmp);
