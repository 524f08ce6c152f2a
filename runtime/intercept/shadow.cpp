// shadow.cpp - the shadow databases of users and groups; as users.cpp.
//
// Thread safety: any thread. Allocation: none of ours.
#include "intercept/real_calls.h"

#include "intercept/record_buffer.h"

#include <gshadow.h>
#include <shadow.h>

using namespace hindsight;

namespace {

void writesRecord(InterceptedCall& call, const spwd* record, const RecordBuffer& buffer = {}) {
  if (record == nullptr) return;
  writesObject(call, record);
  buffer.writesText(call, record->sp_namp);
  buffer.writesText(call, record->sp_pwdp);
}

void writesRecord(InterceptedCall& call, const sgrp* record, const RecordBuffer& buffer = {}) {
  if (record == nullptr) return;
  writesObject(call, record);
  buffer.writesText(call, record->sg_namp);
  buffer.writesText(call, record->sg_passwd);
  buffer.writesTexts(call, record->sg_adm);
  buffer.writesTexts(call, record->sg_mem);
}

/// The _r forms: the record is the caller's and `*found` points to it, or is null if there is none.
template <class Record>
void writesFound(InterceptedCall& call, Record* const* found, const RecordBuffer& buffer) {
  writesObject(call, found);
  writesRecord(call, *found, buffer);
}

}  // namespace

// Shadow

HINDSIGHT_INTERCEPTOR struct spwd* getspnam(const char* name) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.getspnam(name); },
      [=](InterceptedCall& call) { readsText(call, name); },
      [=](InterceptedCall& call, auto result) { writesRecord(call, result); });
}

HINDSIGHT_INTERCEPTOR struct spwd* getspent() {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.getspent(); }, kReadsNothing,
      [=](InterceptedCall& call, auto result) { writesRecord(call, result); });
}

HINDSIGHT_INTERCEPTOR int getspnam_r(const char* name, struct spwd* result_buf, char* buffer,
                                     size_t buflen, struct spwd** out) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.getspnam_r(name, result_buf, buffer, buflen, out); },
      [=](InterceptedCall& call) { readsText(call, name); },
      [=](InterceptedCall& call, auto&&) {
        writesFound(call, out, {buffer, buflen});
      });
}

HINDSIGHT_INTERCEPTOR int getspent_r(struct spwd* result_buf, char* buffer, size_t buflen,
                                     struct spwd** out) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.getspent_r(result_buf, buffer, buflen, out); },
      kReadsNothing,
      [=](InterceptedCall& call, auto&&) {
        writesFound(call, out, {buffer, buflen});
      });
}

HINDSIGHT_INTERCEPTOR struct spwd* sgetspent(const char* string) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.sgetspent(string); },
      [=](InterceptedCall& call) { readsText(call, string); },
      [=](InterceptedCall& call, auto result) { writesRecord(call, result); });
}

HINDSIGHT_INTERCEPTOR int sgetspent_r(const char* string, struct spwd* result_buf, char* buffer,
                                      size_t buflen, struct spwd** out) {
  return intercepted(
      HINDSIGHT_CALLER_PC,
      [=] { return real.sgetspent_r(string, result_buf, buffer, buflen, out); },
      [=](InterceptedCall& call) { readsText(call, string); },
      [=](InterceptedCall& call, auto&&) {
        writesFound(call, out, {buffer, buflen});
      });
}

HINDSIGHT_INTERCEPTOR struct spwd* fgetspent(FILE* stream) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.fgetspent(stream); }, kReadsNothing,
      [=](InterceptedCall& call, auto result) { writesRecord(call, result); });
}

HINDSIGHT_INTERCEPTOR int fgetspent_r(FILE* stream, struct spwd* result_buf, char* buffer,
                                      size_t buflen, struct spwd** out) {
  return intercepted(
      HINDSIGHT_CALLER_PC,
      [=] { return real.fgetspent_r(stream, result_buf, buffer, buflen, out); }, kReadsNothing,
      [=](InterceptedCall& call, auto&&) {
        writesFound(call, out, {buffer, buflen});
      });
}

HINDSIGHT_INTERCEPTOR int putspent(const struct spwd* p, FILE* stream) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.putspent(p, stream); },
      [=](InterceptedCall& call) {
        readsObject(call, p);
        readsText(call, p->sp_namp);
        readsText(call, p->sp_pwdp);
      });
}

HINDSIGHT_INTERCEPTOR struct sgrp* getsgnam(const char* name) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.getsgnam(name); },
      [=](InterceptedCall& call) { readsText(call, name); },
      [=](InterceptedCall& call, auto result) { writesRecord(call, result); });
}

HINDSIGHT_INTERCEPTOR struct sgrp* getsgent() {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.getsgent(); }, kReadsNothing,
      [=](InterceptedCall& call, auto result) { writesRecord(call, result); });
}

HINDSIGHT_INTERCEPTOR int getsgnam_r(const char* name, struct sgrp* result_buf, char* buffer,
                                     size_t buflen, struct sgrp** out) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.getsgnam_r(name, result_buf, buffer, buflen, out); },
      [=](InterceptedCall& call) { readsText(call, name); },
      [=](InterceptedCall& call, auto&&) {
        writesFound(call, out, {buffer, buflen});
      });
}

HINDSIGHT_INTERCEPTOR int getsgent_r(struct sgrp* result_buf, char* buffer, size_t buflen,
                                     struct sgrp** out) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.getsgent_r(result_buf, buffer, buflen, out); },
      kReadsNothing,
      [=](InterceptedCall& call, auto&&) {
        writesFound(call, out, {buffer, buflen});
      });
}

HINDSIGHT_INTERCEPTOR struct sgrp* sgetsgent(const char* string) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.sgetsgent(string); },
      [=](InterceptedCall& call) { readsText(call, string); },
      [=](InterceptedCall& call, auto result) { writesRecord(call, result); });
}

HINDSIGHT_INTERCEPTOR int sgetsgent_r(const char* string, struct sgrp* result_buf, char* buffer,
                                      size_t buflen, struct sgrp** out) {
  return intercepted(
      HINDSIGHT_CALLER_PC,
      [=] { return real.sgetsgent_r(string, result_buf, buffer, buflen, out); },
      [=](InterceptedCall& call) { readsText(call, string); },
      [=](InterceptedCall& call, auto&&) {
        writesFound(call, out, {buffer, buflen});
      });
}

HINDSIGHT_INTERCEPTOR struct sgrp* fgetsgent(FILE* stream) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.fgetsgent(stream); }, kReadsNothing,
      [=](InterceptedCall& call, auto result) { writesRecord(call, result); });
}

HINDSIGHT_INTERCEPTOR int fgetsgent_r(FILE* stream, struct sgrp* result_buf, char* buffer,
                                      size_t buflen, struct sgrp** out) {
  return intercepted(
      HINDSIGHT_CALLER_PC,
      [=] { return real.fgetsgent_r(stream, result_buf, buffer, buflen, out); }, kReadsNothing,
      [=](InterceptedCall& call, auto&&) {
        writesFound(call, out, {buffer, buflen});
      });
}

HINDSIGHT_INTERCEPTOR int putsgent(const struct sgrp* g, FILE* stream) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.putsgent(g, stream); },
      [=](InterceptedCall& call) {
        readsObject(call, g);
        readsText(call, g->sg_namp);
        readsText(call, g->sg_passwd);
        readsTexts(call, g->sg_adm);
        readsTexts(call, g->sg_mem);
      });
}
