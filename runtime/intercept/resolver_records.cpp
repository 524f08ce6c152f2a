// resolver_records.cpp - libresolv: parsers and printers of answers, and their parts. What finds
// and sends them is in resolver.cpp.
//
// Thread safety: any thread. Allocation: none.
#include "intercept/real_calls.h"

#include "intercept/uniform.h"

#include <arpa/nameser.h>
#include <stddef.h>

using namespace hindsight;

namespace {

/// What skipping a name looks at: the length bytes of its labels. Behind it, or null past `end`.
const u8* readsLabels(InterceptedCall& call, const u8* at, const u8* end) {
  while (at < end) {
    call.reads(at, 1);
    if (*at == 0) return at + 1;
    if ((*at & NS_CMPRSFLGS) != 0) return at + 2;
    at += 1 + *at;
  }
  return nullptr;
}

/// The same for `count` records of a section: of their data only the length. The real function has
/// been here.
const u8* readsRecords(InterceptedCall& call, const u8* at, const u8* end, ns_sect section,
                       int count) {
  for (; count > 0 && at != nullptr; --count) {
    at = readsLabels(call, at, end);
    if (at == nullptr) return nullptr;
    at += NS_INT16SZ + NS_INT16SZ;  // type and class
    if (section == ns_s_qd) continue;
    at += NS_INT32SZ;  // how long it lives
    if (at + NS_INT16SZ > end) return nullptr;
    call.reads(at, NS_INT16SZ);
    at += NS_INT16SZ + (at[0] << 8 | at[1]);
  }
  return at;
}

void writesPrinted(InterceptedCall& call, const char* text, int length) {
  if (length >= 0) writesBytes(call, text, static_cast<size_t>(length) + 1);
}

/// `record` is null where its fields are arguments.
template <class RealCall>
int printRecord(uptr pc, const char* context, const char* origin, const char* name, const u8* data,
                size_t data_bytes, const char* out, const ns_rr* record, RealCall real_call) {
  return intercepted(
      pc, real_call,
      [=](InterceptedCall& call) {
        if (record != nullptr) call.reads(&record->type, sizeof *record - offsetof(ns_rr, type));
        readsText(call, name);
        readsText(call, context);
        readsText(call, origin);
        readsBytes(call, data, data_bytes);
      },
      [=](InterceptedCall& call, int length) { writesPrinted(call, out, length); });
}

template <class RealCall>
int compareNames(uptr pc, const char* left, const char* right, RealCall real_call) {
  return intercepted(pc, real_call, [=](InterceptedCall& call) {
    readsText(call, left);
    readsText(call, right);
  });
}

}  // namespace

// Messages

HINDSIGHT_INTERCEPTOR int ns_initparse(const u8* message, int bytes, ns_msg* handle) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return library.ns_initparse(message, bytes, handle); },
      [=](InterceptedCall& call) {
        if (bytes >= NS_HFIXEDSZ) readsBytes(call, message, NS_HFIXEDSZ);
      },
      [=](InterceptedCall& call, int result) {
        if (result != 0) return;
        writesObject(call, handle);
        const u8* at = message + NS_HFIXEDSZ;
        for (int section = 0; section < ns_s_max && at != nullptr; ++section)
          at = readsRecords(call, at, message + bytes, static_cast<ns_sect>(section),
                            handle->_counts[section]);
      });
}

HINDSIGHT_INTERCEPTOR int ns_skiprr(const u8* at, const u8* end, ns_sect section,
                                    int count) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return library.ns_skiprr(at, end, section, count); },
      kReadsNothing,
      [=](InterceptedCall& call, int result) {
        if (result > 0) readsRecords(call, at, end, section, count);
      });
}

HINDSIGHT_INTERCEPTOR int ns_parserr(ns_msg* handle, ns_sect section, int number,
                                     ns_rr* record) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return library.ns_parserr(handle, section, number, record); },
      [=](InterceptedCall& call) { readsObject(call, handle); },
      [=](InterceptedCall& call, int result) {
        if (result != 0) return;
        // The place in the message, the name, and what stands behind it.
        call.writes(&handle->_sect, sizeof *handle - offsetof(ns_msg, _sect));
        writesText(call, record->name);
        call.writes(&record->type, sizeof *record - offsetof(ns_rr, type));
        if (record->rdata != nullptr) call.reads(record->rdata - NS_RRFIXEDSZ, NS_RRFIXEDSZ);
      });
}

// Records as text

HINDSIGHT_INTERCEPTOR int ns_sprintrr(const ns_msg* handle, const ns_rr* record,
                                      const char* context, const char* origin, char* out,
                                      size_t room) noexcept {
  return printRecord(
      HINDSIGHT_CALLER_PC, context, origin, record->name, record->rdata, record->rdlength, out,
      record, [=] { return library.ns_sprintrr(handle, record, context, origin, out, room); });
}

HINDSIGHT_INTERCEPTOR int ns_sprintrrf(const u8* message, size_t bytes, const char* name,
                                       ns_class record_class, ns_type type, unsigned long lifetime,
                                       const u8* data, size_t data_bytes, const char* context,
                                       const char* origin, char* out, size_t room) noexcept {
  return printRecord(
      HINDSIGHT_CALLER_PC, context, origin, name, data, data_bytes, out, nullptr, [=] {
        return library.ns_sprintrrf(message, bytes, name, record_class, type, lifetime, data,
                                    data_bytes, context, origin, out, room);
      });
}

HINDSIGHT_INTERCEPTOR int ns_format_ttl(unsigned long lifetime, char* out, size_t room) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return library.ns_format_ttl(lifetime, out, room); },
      kReadsNothing, [=](InterceptedCall& call, int length) { writesPrinted(call, out, length); });
}

HINDSIGHT_INTERCEPTOR int ns_parse_ttl(const char* text, unsigned long* lifetime) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return library.ns_parse_ttl(text, lifetime); },
      [=](InterceptedCall& call) { readsText(call, text); },
      [=](InterceptedCall& call, int result) {
        if (result == 0) writesObject(call, lifetime);
      });
}

HINDSIGHT_INTERCEPTOR uint32_t ns_datetosecs(const char* text, int* error) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return library.ns_datetosecs(text, error); },
      [=](InterceptedCall& call) { readsText(call, text); },
      [=](InterceptedCall& call, uint32_t) { writesObject(call, error); });
}

// Numbers in network order

HINDSIGHT_INTERCEPTOR unsigned ns_get16(const u8* from) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return library.ns_get16(from); },
      [=](InterceptedCall& call) { readsBytes(call, from, NS_INT16SZ); });
}

HINDSIGHT_INTERCEPTOR unsigned long ns_get32(const u8* from) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return library.ns_get32(from); },
      [=](InterceptedCall& call) { readsBytes(call, from, NS_INT32SZ); });
}

HINDSIGHT_INTERCEPTOR void ns_put16(unsigned value, u8* to) noexcept {
  intercepted(
      HINDSIGHT_CALLER_PC, [=] { library.ns_put16(value, to); }, kReadsNothing,
      [=](InterceptedCall& call) { writesBytes(call, to, NS_INT16SZ); });
}

HINDSIGHT_INTERCEPTOR void ns_put32(unsigned long value, u8* to) noexcept {
  intercepted(
      HINDSIGHT_CALLER_PC, [=] { library.ns_put32(value, to); }, kReadsNothing,
      [=](InterceptedCall& call) { writesBytes(call, to, NS_INT32SZ); });
}

HINDSIGHT_INTERCEPTOR void __putshort(uint16_t value, u8* to) noexcept {
  intercepted(
      HINDSIGHT_CALLER_PC, [=] { library.__putshort(value, to); }, kReadsNothing,
      [=](InterceptedCall& call) { writesBytes(call, to, NS_INT16SZ); });
}

HINDSIGHT_INTERCEPTOR void __putlong(uint32_t value, u8* to) noexcept {
  intercepted(
      HINDSIGHT_CALLER_PC, [=] { library.__putlong(value, to); }, kReadsNothing,
      [=](InterceptedCall& call) { writesBytes(call, to, NS_INT32SZ); });
}

// Names. One without compression is as long in capitals as in small letters.

HINDSIGHT_INTERCEPTOR int ns_name_ntol(const u8* from, u8* to, size_t room) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return library.ns_name_ntol(from, to, room); }, kReadsNothing,
      [=](InterceptedCall& call, int bytes) {
        if (bytes <= 0) return;
        call.reads(from, static_cast<size_t>(bytes));
        call.writes(to, static_cast<size_t>(bytes));
      });
}

/// Of a list of places where names were compressed, that in front of `last` and ended by null: the
/// first that is not before `from` is cut off.
HINDSIGHT_INTERCEPTOR void ns_name_rollback(const u8* from, const u8** names,
                                            const u8** last) noexcept {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass() || !mayLook(names)) return library.ns_name_rollback(from, names, last);
  const u8** at = names;
  while (at < last && *at != nullptr && *at < from) ++at;
  const bool cuts = at < last && *at != nullptr;
  readsBytes(call, names, static_cast<size_t>(min(at + 1, last) - names) * sizeof *names);
  call.blocking([=] { library.ns_name_rollback(from, names, last); });
  if (cuts) writesObject(call, at);
}

HINDSIGHT_INTERCEPTOR int ns_samedomain(const char* name, const char* domain) noexcept {
  return compareNames(HINDSIGHT_CALLER_PC, name, domain,
                      [=] { return library.ns_samedomain(name, domain); });
}

HINDSIGHT_INTERCEPTOR int ns_subdomain(const char* name, const char* domain) noexcept {
  return compareNames(HINDSIGHT_CALLER_PC, name, domain,
                      [=] { return library.ns_subdomain(name, domain); });
}

HINDSIGHT_INTERCEPTOR int ns_samename(const char* left, const char* right) noexcept {
  return compareNames(HINDSIGHT_CALLER_PC, left, right,
                      [=] { return library.ns_samename(left, right); });
}

HINDSIGHT_INTERCEPTOR int ns_makecanon(const char* name, char* out, size_t room) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return library.ns_makecanon(name, out, room); },
      [=](InterceptedCall& call) { readsText(call, name); },
      [=](InterceptedCall& call, int result) {
        if (result == 0) writesText(call, out);
      });
}

HINDSIGHT_INTERCEPTOR int __dn_count_labels(const char* name) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return library.__dn_count_labels(name); },
      [=](InterceptedCall& call) { readsText(call, name); });
}

// Networks and bytes as text

namespace {

size_t bytesOfBits(int bits) { return (static_cast<size_t>(bits) + 7) / 8; }

}  // namespace

HINDSIGHT_INTERCEPTOR int inet_net_pton(int family, const char* text, void* to,
                                        size_t room) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return library.inet_net_pton(family, text, to, room); },
      [=](InterceptedCall& call) { readsText(call, text); },
      [=](InterceptedCall& call, int bits) {
        if (bits >= 0) writesBytes(call, to, min(bytesOfBits(bits), room));
      });
}

HINDSIGHT_INTERCEPTOR char* inet_net_ntop(int family, const void* from, int bits, char* out,
                                          size_t room) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return library.inet_net_ntop(family, from, bits, out, room); },
      [=](InterceptedCall& call) {
        if (bits >= 0 && bits <= 32) readsBytes(call, from, bytesOfBits(bits));
      },
      [=](InterceptedCall& call, const char* text) { writesText(call, text); });
}

HINDSIGHT_INTERCEPTOR char* inet_neta(in_addr_t net, char* out, size_t room) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return library.inet_neta(net, out, room); }, kReadsNothing,
      [=](InterceptedCall& call, const char* text) { writesText(call, text); });
}

HINDSIGHT_INTERCEPTOR int __b64_ntop(const u8* from, size_t bytes, char* out,
                                     size_t room) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return library.__b64_ntop(from, bytes, out, room); },
      [=](InterceptedCall& call) { readsBytes(call, from, bytes); },
      [=](InterceptedCall& call, int length) { writesPrinted(call, out, length); });
}

HINDSIGHT_INTERCEPTOR int __b64_pton(const char* text, u8* to, size_t room) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return library.__b64_pton(text, to, room); },
      [=](InterceptedCall& call) { readsText(call, text); },
      [=](InterceptedCall& call, int bytes) {
        if (bytes > 0) writesBytes(call, to, static_cast<size_t>(bytes));
      });
}

HINDSIGHT_INTERCEPTOR int __loc_aton(const char* text, u8* place) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return library.__loc_aton(text, place); },
      [=](InterceptedCall& call) { readsText(call, text); },
      [=](InterceptedCall& call, int bytes) {
        if (bytes > 0) writesBytes(call, place, static_cast<size_t>(bytes));
      });
}

HINDSIGHT_INTERCEPTOR const char* __loc_ntoa(const u8* place, char* out) noexcept {
  constexpr size_t kPlaceBytes = 16;
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return library.__loc_ntoa(place, out); },
      [=](InterceptedCall& call) { readsBytes(call, place, kPlaceBytes); },
      [=](InterceptedCall& call, const char* text) { writesText(call, text); });
}
