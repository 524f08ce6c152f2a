// users.cpp - the user, group, alias and netgroup databases.
//
// The forms without _r return the C library's own record, which the next call overwrites: two calls
// in unordered threads race on it. What lies in the caller's buffer is the strings of the record.
//
// Thread safety: any thread. Allocation: none of ours.
#include "intercept/real_calls.h"

#include "intercept/record_buffer.h"

#include <aliases.h>
#include <grp.h>
#include <pwd.h>

using namespace hindsight;

namespace {

void writesRecord(InterceptedCall& call, const passwd* record, const RecordBuffer& buffer = {}) {
  if (record == nullptr) return;
  writesObject(call, record);
  const char* const texts[] = {record->pw_name, record->pw_passwd, record->pw_gecos, record->pw_dir,
                               record->pw_shell};
  for (const char* text : texts) buffer.writesText(call, text);
}

void writesRecord(InterceptedCall& call, const group* record, const RecordBuffer& buffer = {}) {
  if (record == nullptr) return;
  writesObject(call, record);
  buffer.writesText(call, record->gr_name);
  buffer.writesText(call, record->gr_passwd);
  buffer.writesTexts(call, record->gr_mem);
}

void writesRecord(InterceptedCall& call, const aliasent* record, const RecordBuffer& buffer = {}) {
  if (record == nullptr) return;
  writesObject(call, record);
  buffer.writesText(call, record->alias_name);
  buffer.writesTexts(call, record->alias_members);
}

/// The _r forms: the record is the caller's and `*found` points to it, or is null if there is none.
template <class Record>
void writesFound(InterceptedCall& call, Record* const* found, const RecordBuffer& buffer) {
  writesObject(call, found);
  writesRecord(call, *found, buffer);
}

}  // namespace

// Users and groups

HINDSIGHT_INTERCEPTOR struct passwd* getpwnam(const char* name) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.getpwnam(name); },
      [=](InterceptedCall& call) { readsText(call, name); },
      [=](InterceptedCall& call, auto result) { writesRecord(call, result); });
}

HINDSIGHT_INTERCEPTOR struct passwd* getpwuid(__uid_t uid) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.getpwuid(uid); }, kReadsNothing,
      [=](InterceptedCall& call, auto result) { writesRecord(call, result); });
}

HINDSIGHT_INTERCEPTOR struct passwd* getpwent() {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.getpwent(); }, kReadsNothing,
      [=](InterceptedCall& call, auto result) { writesRecord(call, result); });
}

HINDSIGHT_INTERCEPTOR int getpwnam_r(const char* name, struct passwd* resultbuf, char* buffer,
                                     size_t buflen, struct passwd** out) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.getpwnam_r(name, resultbuf, buffer, buflen, out); },
      [=](InterceptedCall& call) { readsText(call, name); },
      [=](InterceptedCall& call, auto&&) {
        writesFound(call, out, {buffer, buflen});
      });
}

HINDSIGHT_INTERCEPTOR int getpwuid_r(__uid_t uid, struct passwd* resultbuf, char* buffer,
                                     size_t buflen, struct passwd** out) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.getpwuid_r(uid, resultbuf, buffer, buflen, out); },
      kReadsNothing,
      [=](InterceptedCall& call, auto&&) {
        writesFound(call, out, {buffer, buflen});
      });
}

HINDSIGHT_INTERCEPTOR int getpwent_r(struct passwd* resultbuf, char* buffer, size_t buflen,
                                     struct passwd** out) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.getpwent_r(resultbuf, buffer, buflen, out); },
      kReadsNothing,
      [=](InterceptedCall& call, auto&&) {
        writesFound(call, out, {buffer, buflen});
      });
}

HINDSIGHT_INTERCEPTOR struct passwd* fgetpwent(FILE* stream) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.fgetpwent(stream); }, kReadsNothing,
      [=](InterceptedCall& call, auto result) { writesRecord(call, result); });
}

HINDSIGHT_INTERCEPTOR int fgetpwent_r(FILE* stream, struct passwd* resultbuf, char* buffer,
                                      size_t buflen, struct passwd** out) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.fgetpwent_r(stream, resultbuf, buffer, buflen, out); },
      kReadsNothing,
      [=](InterceptedCall& call, auto&&) {
        writesFound(call, out, {buffer, buflen});
      });
}

HINDSIGHT_INTERCEPTOR int getpw(__uid_t uid, char* buffer) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.getpw(uid, buffer); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesText(call, buffer);
      });
}

HINDSIGHT_INTERCEPTOR int putpwent(const struct passwd* p, FILE* f) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.putpwent(p, f); },
      [=](InterceptedCall& call) {
        if (!mayLook(p)) return;
        readsObject(call, p);
        readsText(call, p->pw_name);
        readsText(call, p->pw_passwd);
        readsText(call, p->pw_gecos);
        readsText(call, p->pw_dir);
        readsText(call, p->pw_shell);
      });
}

HINDSIGHT_INTERCEPTOR struct group* getgrnam(const char* name) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.getgrnam(name); },
      [=](InterceptedCall& call) { readsText(call, name); },
      [=](InterceptedCall& call, auto result) { writesRecord(call, result); });
}

HINDSIGHT_INTERCEPTOR struct group* getgrgid(__gid_t gid) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.getgrgid(gid); }, kReadsNothing,
      [=](InterceptedCall& call, auto result) { writesRecord(call, result); });
}

HINDSIGHT_INTERCEPTOR struct group* getgrent() {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.getgrent(); }, kReadsNothing,
      [=](InterceptedCall& call, auto result) { writesRecord(call, result); });
}

HINDSIGHT_INTERCEPTOR int getgrnam_r(const char* name, struct group* resultbuf, char* buffer,
                                     size_t buflen, struct group** out) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.getgrnam_r(name, resultbuf, buffer, buflen, out); },
      [=](InterceptedCall& call) { readsText(call, name); },
      [=](InterceptedCall& call, auto&&) {
        writesFound(call, out, {buffer, buflen});
      });
}

HINDSIGHT_INTERCEPTOR int getgrgid_r(__gid_t gid, struct group* resultbuf, char* buffer,
                                     size_t buflen, struct group** out) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.getgrgid_r(gid, resultbuf, buffer, buflen, out); },
      kReadsNothing,
      [=](InterceptedCall& call, auto&&) {
        writesFound(call, out, {buffer, buflen});
      });
}

HINDSIGHT_INTERCEPTOR int getgrent_r(struct group* resultbuf, char* buffer, size_t buflen,
                                     struct group** out) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.getgrent_r(resultbuf, buffer, buflen, out); },
      kReadsNothing,
      [=](InterceptedCall& call, auto&&) {
        writesFound(call, out, {buffer, buflen});
      });
}

HINDSIGHT_INTERCEPTOR struct group* fgetgrent(FILE* stream) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.fgetgrent(stream); }, kReadsNothing,
      [=](InterceptedCall& call, auto result) { writesRecord(call, result); });
}

HINDSIGHT_INTERCEPTOR int fgetgrent_r(FILE* stream, struct group* resultbuf, char* buffer,
                                      size_t buflen, struct group** out) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.fgetgrent_r(stream, resultbuf, buffer, buflen, out); },
      kReadsNothing,
      [=](InterceptedCall& call, auto&&) {
        writesFound(call, out, {buffer, buflen});
      });
}

HINDSIGHT_INTERCEPTOR int putgrent(const struct group* p, FILE* f) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.putgrent(p, f); },
      [=](InterceptedCall& call) {
        if (!mayLook(p)) return;
        readsObject(call, p);
        readsText(call, p->gr_name);
        readsText(call, p->gr_passwd);
        readsTexts(call, p->gr_mem);
      });
}

/// If there are more groups than room, as many as fit are stored, and how many there are.
HINDSIGHT_INTERCEPTOR int getgrouplist(const char* user, __gid_t group, __gid_t* groups,
                                       int* ngroups) {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass() || !mayLook(ngroups)) return real.getgrouplist(user, group, groups, ngroups);
  readsText(call, user);
  readsObject(call, ngroups);
  const int room = *ngroups;
  const int result = call.blocking([=] { return real.getgrouplist(user, group, groups, ngroups); });
  writesObject(call, ngroups);
  writesBytes(call, groups, static_cast<size_t>(max(min(room, *ngroups), 0)) * sizeof *groups);
  return result;
}

HINDSIGHT_INTERCEPTOR int initgroups(const char* user, __gid_t group) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.initgroups(user, group); },
      [=](InterceptedCall& call) { readsText(call, user); });
}

HINDSIGHT_INTERCEPTOR int getgroups(int size, __gid_t* list) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.getgroups(size, list); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result > 0 && size != 0)
          writesBytes(call, list, static_cast<size_t>(result) * sizeof *list);
      });
}

HINDSIGHT_INTERCEPTOR int __getgroups_chk(int room, gid_t* groups, size_t object_room) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.__getgroups_chk(room, groups, object_room); },
      kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result > 0 && room != 0)
          writesBytes(call, groups, static_cast<size_t>(result) * sizeof *groups);
      });
}

HINDSIGHT_INTERCEPTOR int setgroups(size_t n, const __gid_t* groups) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.setgroups(n, groups); },
      [=](InterceptedCall& call) { readsBytes(call, groups, n * sizeof *groups); });
}

// Mail aliases and netgroups

HINDSIGHT_INTERCEPTOR struct aliasent* getaliasbyname(const char* name) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.getaliasbyname(name); },
      [=](InterceptedCall& call) { readsText(call, name); },
      [=](InterceptedCall& call, auto result) { writesRecord(call, result); });
}

HINDSIGHT_INTERCEPTOR struct aliasent* getaliasent() noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.getaliasent(); }, kReadsNothing,
      [=](InterceptedCall& call, auto result) { writesRecord(call, result); });
}

HINDSIGHT_INTERCEPTOR int getaliasbyname_r(const char* name, struct aliasent* result_buf,
                                           char* buffer, size_t buflen,
                                           struct aliasent** out) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC,
      [=] { return real.getaliasbyname_r(name, result_buf, buffer, buflen, out); },
      [=](InterceptedCall& call) { readsText(call, name); },
      [=](InterceptedCall& call, auto&&) {
        writesFound(call, out, {buffer, buflen});
      });
}

HINDSIGHT_INTERCEPTOR int getaliasent_r(struct aliasent* result_buf, char* buffer, size_t buflen,
                                        struct aliasent** out) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.getaliasent_r(result_buf, buffer, buflen, out); },
      kReadsNothing,
      [=](InterceptedCall& call, auto&&) {
        writesFound(call, out, {buffer, buflen});
      });
}

HINDSIGHT_INTERCEPTOR int setnetgrent(const char* netgroup) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.setnetgrent(netgroup); },
      [=](InterceptedCall& call) { readsText(call, netgroup); });
}

HINDSIGHT_INTERCEPTOR int innetgr(const char* netgroup, const char* host, const char* user,
                                  const char* domain) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.innetgr(netgroup, host, user, domain); },
      [=](InterceptedCall& call) {
        readsText(call, netgroup);
        readsText(call, host);
        readsText(call, user);
        readsText(call, domain);
      });
}

HINDSIGHT_INTERCEPTOR int getnetgrent(char** hostp, char** userp, char** domainp) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.getnetgrent(hostp, userp, domainp); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 1) {
          writesObject(call, hostp);
          writesObject(call, userp);
          writesObject(call, domainp);
          writesText(call, *hostp);
          writesText(call, *userp);
          writesText(call, *domainp);
        }
      });
}

HINDSIGHT_INTERCEPTOR int getnetgrent_r(char** hostp, char** userp, char** domainp, char* buffer,
                                        size_t buflen) {
  return intercepted(
      HINDSIGHT_CALLER_PC,
      [=] { return real.getnetgrent_r(hostp, userp, domainp, buffer, buflen); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 1) {
          writesObject(call, hostp);
          writesObject(call, userp);
          writesObject(call, domainp);
          writesText(call, *hostp);
          writesText(call, *userp);
          writesText(call, *domainp);
        }
      });
}
