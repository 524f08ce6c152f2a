// mount_tables.cpp - fstab, mtab and the terminal and shell lists: records of the C library's own.
//
// Thread safety: any thread. Allocation: none of ours.
#include "intercept/real_calls.h"

#include "intercept/record_buffer.h"

#include <fstab.h>
#include <mntent.h>
#include <ttyent.h>

using namespace hindsight;

namespace {

void writesRecord(InterceptedCall& call, const mntent* record, const RecordBuffer& buffer = {}) {
  if (record == nullptr) return;
  writesObject(call, record);
  const char* const texts[] = {record->mnt_fsname, record->mnt_dir, record->mnt_type,
                               record->mnt_opts};
  for (const char* text : texts) buffer.writesText(call, text);
}

void readsRecord(InterceptedCall& call, const mntent* record) {
  readsObject(call, record);
  const char* const texts[] = {record->mnt_fsname, record->mnt_dir, record->mnt_type,
                               record->mnt_opts};
  for (const char* text : texts) readsText(call, text);
}

}  // namespace

HINDSIGHT_INTERCEPTOR FILE* setmntent(const char* file, const char* mode) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.setmntent(file, mode); },
      [=](InterceptedCall& call) {
        readsText(call, file);
        readsText(call, mode);
      });
}
HINDSIGHT_ALIAS(__setmntent, setmntent);

HINDSIGHT_INTERCEPTOR struct mntent* getmntent(FILE* stream) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.getmntent(stream); }, kReadsNothing,
      [=](InterceptedCall& call, auto result) { writesRecord(call, result); });
}

HINDSIGHT_INTERCEPTOR struct mntent* getmntent_r(FILE* stream, struct mntent* out, char* buffer,
                                                 int bufsize) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.getmntent_r(stream, out, buffer, bufsize); },
      kReadsNothing,
      [=](InterceptedCall& call, auto result) {
        writesRecord(call, result, {buffer, static_cast<size_t>(max(bufsize, 0))});
      });
}
HINDSIGHT_ALIAS(__getmntent_r, getmntent_r);

HINDSIGHT_INTERCEPTOR int addmntent(FILE* stream, const struct mntent* mnt) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.addmntent(stream, mnt); },
      [=](InterceptedCall& call) { readsRecord(call, mnt); });
}

HINDSIGHT_INTERCEPTOR char* hasmntopt(const struct mntent* mnt, const char* opt) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.hasmntopt(mnt, opt); },
      [=](InterceptedCall& call) {
        readsObject(call, mnt);
        readsText(call, mnt->mnt_opts);
        readsText(call, opt);
      });
}

HINDSIGHT_INTERCEPTOR struct fstab* getfsent() noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.getfsent(); }, kReadsNothing,
      [=](InterceptedCall& call, auto result) { writesObject(call, result); });
}

HINDSIGHT_INTERCEPTOR struct fstab* getfsspec(const char* name) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.getfsspec(name); },
      [=](InterceptedCall& call) { readsText(call, name); },
      [=](InterceptedCall& call, auto result) { writesObject(call, result); });
}

HINDSIGHT_INTERCEPTOR struct fstab* getfsfile(const char* name) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.getfsfile(name); },
      [=](InterceptedCall& call) { readsText(call, name); },
      [=](InterceptedCall& call, auto result) { writesObject(call, result); });
}

HINDSIGHT_INTERCEPTOR struct ttyent* getttyent() noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.getttyent(); }, kReadsNothing,
      [=](InterceptedCall& call, auto result) { writesObject(call, result); });
}

HINDSIGHT_INTERCEPTOR struct ttyent* getttynam(const char* tty) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.getttynam(tty); },
      [=](InterceptedCall& call) { readsText(call, tty); },
      [=](InterceptedCall& call, auto result) { writesObject(call, result); });
}

HINDSIGHT_INTERCEPTOR char* getusershell() noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.getusershell(); }, kReadsNothing,
      [=](InterceptedCall& call, auto result) { writesText(call, result); });
}
