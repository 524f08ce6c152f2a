// databases.cpp - hosts, networks, protocols, services and RPC programs by name.
//
// As in users.cpp: the forms without _r return the C library's own record.
//
// Thread safety: any thread. Allocation: none of ours.
#include "intercept/real_calls.h"

#include "intercept/record_buffer.h"

using namespace hindsight;

namespace {

void writesRecord(InterceptedCall& call, const hostent* record, const RecordBuffer& buffer = {}) {
  if (record == nullptr) return;
  writesObject(call, record);
  buffer.writesText(call, record->h_name);
  buffer.writesTexts(call, record->h_aliases);
  if (record->h_addr_list == nullptr) return;
  size_t count = 0;
  for (; record->h_addr_list[count] != nullptr; ++count)
    buffer.writesBytes(call, record->h_addr_list[count], static_cast<size_t>(record->h_length));
  buffer.writesBytes(call, record->h_addr_list, (count + 1) * sizeof(char*));
}

void writesRecord(InterceptedCall& call, const netent* record, const RecordBuffer& buffer = {}) {
  if (record == nullptr) return;
  writesObject(call, record);
  buffer.writesText(call, record->n_name);
  buffer.writesTexts(call, record->n_aliases);
}

void writesRecord(InterceptedCall& call, const protoent* record, const RecordBuffer& buffer = {}) {
  if (record == nullptr) return;
  writesObject(call, record);
  buffer.writesText(call, record->p_name);
  buffer.writesTexts(call, record->p_aliases);
}

void writesRecord(InterceptedCall& call, const servent* record, const RecordBuffer& buffer = {}) {
  if (record == nullptr) return;
  writesObject(call, record);
  buffer.writesText(call, record->s_name);
  buffer.writesText(call, record->s_proto);
  buffer.writesTexts(call, record->s_aliases);
}

void writesRecord(InterceptedCall& call, const rpcent* record, const RecordBuffer& buffer = {}) {
  if (record == nullptr) return;
  writesObject(call, record);
  buffer.writesText(call, record->r_name);
  buffer.writesTexts(call, record->r_aliases);
}

template <class Record>
void writesFound(InterceptedCall& call, Record* const* found, const RecordBuffer& buffer) {
  writesObject(call, found);
  writesRecord(call, *found, buffer);
}

/// For the host and network functions: `*error` is set when nothing was found.
template <class Record>
void writesAnswer(InterceptedCall& call, Record* const* found, const int* error,
                  const RecordBuffer& buffer) {
  writesFound(call, found, buffer);
  if (*found == nullptr) writesObject(call, error);
}

}  // namespace

HINDSIGHT_INTERCEPTOR struct hostent* gethostbyname(const char* name) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.gethostbyname(name); },
      [=](InterceptedCall& call) { readsText(call, name); },
      [=](InterceptedCall& call, auto result) { writesRecord(call, result); });
}

HINDSIGHT_INTERCEPTOR struct hostent* gethostbyname2(const char* name, int af) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.gethostbyname2(name, af); },
      [=](InterceptedCall& call) { readsText(call, name); },
      [=](InterceptedCall& call, auto result) { writesRecord(call, result); });
}

HINDSIGHT_INTERCEPTOR struct hostent* gethostbyaddr(const void* addr, __socklen_t len, int type) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.gethostbyaddr(addr, len, type); },
      [=](InterceptedCall& call) { readsBytes(call, addr, len); },
      [=](InterceptedCall& call, auto result) { writesRecord(call, result); });
}

HINDSIGHT_INTERCEPTOR struct hostent* gethostent() {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.gethostent(); }, kReadsNothing,
      [=](InterceptedCall& call, auto result) { writesRecord(call, result); });
}

HINDSIGHT_INTERCEPTOR int gethostbyname_r(const char* name, struct hostent* result_buf, char* buf,
                                          size_t buflen, struct hostent** out, int* h_errnop) {
  return intercepted(
      HINDSIGHT_CALLER_PC,
      [=] { return real.gethostbyname_r(name, result_buf, buf, buflen, out, h_errnop); },
      [=](InterceptedCall& call) { readsText(call, name); },
      [=](InterceptedCall& call, auto&&) {
        writesAnswer(call, out, h_errnop, {buf, buflen});
      });
}

HINDSIGHT_INTERCEPTOR int gethostbyname2_r(const char* name, int af, struct hostent* result_buf,
                                           char* buf, size_t buflen, struct hostent** out,
                                           int* h_errnop) {
  return intercepted(
      HINDSIGHT_CALLER_PC,
      [=] { return real.gethostbyname2_r(name, af, result_buf, buf, buflen, out, h_errnop); },
      [=](InterceptedCall& call) { readsText(call, name); },
      [=](InterceptedCall& call, auto&&) {
        writesAnswer(call, out, h_errnop, {buf, buflen});
      });
}

HINDSIGHT_INTERCEPTOR int gethostbyaddr_r(const void* addr, __socklen_t len, int type,
                                          struct hostent* result_buf, char* buf, size_t buflen,
                                          struct hostent** out, int* h_errnop) {
  return intercepted(
      HINDSIGHT_CALLER_PC,
      [=] { return real.gethostbyaddr_r(addr, len, type, result_buf, buf, buflen, out, h_errnop); },
      [=](InterceptedCall& call) { readsBytes(call, addr, len); },
      [=](InterceptedCall& call, auto&&) {
        writesAnswer(call, out, h_errnop, {buf, buflen});
      });
}

HINDSIGHT_INTERCEPTOR int gethostent_r(struct hostent* result_buf, char* buf, size_t buflen,
                                       struct hostent** out, int* h_errnop) {
  return intercepted(
      HINDSIGHT_CALLER_PC,
      [=] { return real.gethostent_r(result_buf, buf, buflen, out, h_errnop); }, kReadsNothing,
      [=](InterceptedCall& call, auto&&) {
        writesAnswer(call, out, h_errnop, {buf, buflen});
      });
}

HINDSIGHT_INTERCEPTOR struct netent* getnetbyname(const char* name) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.getnetbyname(name); },
      [=](InterceptedCall& call) { readsText(call, name); },
      [=](InterceptedCall& call, auto result) { writesRecord(call, result); });
}

HINDSIGHT_INTERCEPTOR struct netent* getnetbyaddr(uint32_t net, int type) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.getnetbyaddr(net, type); }, kReadsNothing,
      [=](InterceptedCall& call, auto result) { writesRecord(call, result); });
}

HINDSIGHT_INTERCEPTOR struct netent* getnetent() {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.getnetent(); }, kReadsNothing,
      [=](InterceptedCall& call, auto result) { writesRecord(call, result); });
}

HINDSIGHT_INTERCEPTOR int getnetbyname_r(const char* name, struct netent* result_buf, char* buf,
                                         size_t buflen, struct netent** out, int* h_errnop) {
  return intercepted(
      HINDSIGHT_CALLER_PC,
      [=] { return real.getnetbyname_r(name, result_buf, buf, buflen, out, h_errnop); },
      [=](InterceptedCall& call) { readsText(call, name); },
      [=](InterceptedCall& call, auto&&) {
        writesAnswer(call, out, h_errnop, {buf, buflen});
      });
}

HINDSIGHT_INTERCEPTOR int getnetbyaddr_r(uint32_t net, int type, struct netent* result_buf,
                                         char* buf, size_t buflen, struct netent** out,
                                         int* h_errnop) {
  return intercepted(
      HINDSIGHT_CALLER_PC,
      [=] { return real.getnetbyaddr_r(net, type, result_buf, buf, buflen, out, h_errnop); },
      kReadsNothing,
      [=](InterceptedCall& call, auto&&) {
        writesAnswer(call, out, h_errnop, {buf, buflen});
      });
}

HINDSIGHT_INTERCEPTOR int getnetent_r(struct netent* result_buf, char* buf, size_t buflen,
                                      struct netent** out, int* h_errnop) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.getnetent_r(result_buf, buf, buflen, out, h_errnop); },
      kReadsNothing,
      [=](InterceptedCall& call, auto&&) {
        writesAnswer(call, out, h_errnop, {buf, buflen});
      });
}

HINDSIGHT_INTERCEPTOR struct protoent* getprotobyname(const char* name) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.getprotobyname(name); },
      [=](InterceptedCall& call) { readsText(call, name); },
      [=](InterceptedCall& call, auto result) { writesRecord(call, result); });
}

HINDSIGHT_INTERCEPTOR struct protoent* getprotobynumber(int proto) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.getprotobynumber(proto); }, kReadsNothing,
      [=](InterceptedCall& call, auto result) { writesRecord(call, result); });
}

HINDSIGHT_INTERCEPTOR struct protoent* getprotoent() {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.getprotoent(); }, kReadsNothing,
      [=](InterceptedCall& call, auto result) { writesRecord(call, result); });
}

HINDSIGHT_INTERCEPTOR int getprotobyname_r(const char* name, struct protoent* result_buf, char* buf,
                                           size_t buflen, struct protoent** out) {
  return intercepted(
      HINDSIGHT_CALLER_PC,
      [=] { return real.getprotobyname_r(name, result_buf, buf, buflen, out); },
      [=](InterceptedCall& call) { readsText(call, name); },
      [=](InterceptedCall& call, auto&&) {
        writesFound(call, out, {buf, buflen});
      });
}

HINDSIGHT_INTERCEPTOR int getprotobynumber_r(int proto, struct protoent* result_buf, char* buf,
                                             size_t buflen, struct protoent** out) {
  return intercepted(
      HINDSIGHT_CALLER_PC,
      [=] { return real.getprotobynumber_r(proto, result_buf, buf, buflen, out); }, kReadsNothing,
      [=](InterceptedCall& call, auto&&) {
        writesFound(call, out, {buf, buflen});
      });
}

HINDSIGHT_INTERCEPTOR int getprotoent_r(struct protoent* result_buf, char* buf, size_t buflen,
                                        struct protoent** out) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.getprotoent_r(result_buf, buf, buflen, out); },
      kReadsNothing,
      [=](InterceptedCall& call, auto&&) {
        writesFound(call, out, {buf, buflen});
      });
}

HINDSIGHT_INTERCEPTOR struct servent* getservbyname(const char* name, const char* proto) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.getservbyname(name, proto); },
      [=](InterceptedCall& call) {
        readsText(call, name);
        readsText(call, proto);
      },
      [=](InterceptedCall& call, auto result) { writesRecord(call, result); });
}

HINDSIGHT_INTERCEPTOR struct servent* getservbyport(int port, const char* proto) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.getservbyport(port, proto); },
      [=](InterceptedCall& call) { readsText(call, proto); },
      [=](InterceptedCall& call, auto result) { writesRecord(call, result); });
}

HINDSIGHT_INTERCEPTOR struct servent* getservent() {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.getservent(); }, kReadsNothing,
      [=](InterceptedCall& call, auto result) { writesRecord(call, result); });
}

HINDSIGHT_INTERCEPTOR int getservbyname_r(const char* name, const char* proto,
                                          struct servent* result_buf, char* buf, size_t buflen,
                                          struct servent** out) {
  return intercepted(
      HINDSIGHT_CALLER_PC,
      [=] { return real.getservbyname_r(name, proto, result_buf, buf, buflen, out); },
      [=](InterceptedCall& call) {
        readsText(call, name);
        readsText(call, proto);
      },
      [=](InterceptedCall& call, auto&&) {
        writesFound(call, out, {buf, buflen});
      });
}

HINDSIGHT_INTERCEPTOR int getservbyport_r(int port, const char* proto, struct servent* result_buf,
                                          char* buf, size_t buflen, struct servent** out) {
  return intercepted(
      HINDSIGHT_CALLER_PC,
      [=] { return real.getservbyport_r(port, proto, result_buf, buf, buflen, out); },
      [=](InterceptedCall& call) { readsText(call, proto); },
      [=](InterceptedCall& call, auto&&) {
        writesFound(call, out, {buf, buflen});
      });
}

HINDSIGHT_INTERCEPTOR int getservent_r(struct servent* result_buf, char* buf, size_t buflen,
                                       struct servent** out) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.getservent_r(result_buf, buf, buflen, out); },
      kReadsNothing,
      [=](InterceptedCall& call, auto&&) {
        writesFound(call, out, {buf, buflen});
      });
}

HINDSIGHT_INTERCEPTOR struct rpcent* getrpcbyname(const char* name) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.getrpcbyname(name); },
      [=](InterceptedCall& call) { readsText(call, name); },
      [=](InterceptedCall& call, auto result) { writesRecord(call, result); });
}

HINDSIGHT_INTERCEPTOR struct rpcent* getrpcbynumber(int number) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.getrpcbynumber(number); }, kReadsNothing,
      [=](InterceptedCall& call, auto result) { writesRecord(call, result); });
}

HINDSIGHT_INTERCEPTOR struct rpcent* getrpcent() noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.getrpcent(); }, kReadsNothing,
      [=](InterceptedCall& call, auto result) { writesRecord(call, result); });
}

HINDSIGHT_INTERCEPTOR int getrpcbyname_r(const char* name, struct rpcent* result_buf, char* buffer,
                                         size_t buflen, struct rpcent** out) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC,
      [=] { return real.getrpcbyname_r(name, result_buf, buffer, buflen, out); },
      [=](InterceptedCall& call) { readsText(call, name); },
      [=](InterceptedCall& call, auto&&) {
        writesFound(call, out, {buffer, buflen});
      });
}

HINDSIGHT_INTERCEPTOR int getrpcbynumber_r(int number, struct rpcent* result_buf, char* buffer,
                                           size_t buflen, struct rpcent** out) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC,
      [=] { return real.getrpcbynumber_r(number, result_buf, buffer, buflen, out); }, kReadsNothing,
      [=](InterceptedCall& call, auto&&) {
        writesFound(call, out, {buffer, buflen});
      });
}

HINDSIGHT_INTERCEPTOR int getrpcent_r(struct rpcent* result_buf, char* buffer, size_t buflen,
                                      struct rpcent** out) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.getrpcent_r(result_buf, buffer, buflen, out); },
      kReadsNothing,
      [=](InterceptedCall& call, auto&&) {
        writesFound(call, out, {buffer, buflen});
      });
}

HINDSIGHT_INTERCEPTOR void herror(const char* str) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.herror(str); },
      [=](InterceptedCall& call) { readsText(call, str); });
}
