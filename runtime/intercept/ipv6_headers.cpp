// ipv6_headers.cpp - IPv6 extension headers in the caller's buffers: options (RFC 3542, and the
// older RFC 2292) and routes.
//
// Thread safety: any thread. Allocation: none.
#include "intercept/real_calls.h"

#include "intercept/uniform.h"

#include <netinet/ip6.h>
#include <sys/socket.h>

using namespace hindsight;

namespace {

constexpr int kHeaderBytes = sizeof(ip6_hbh);  // of a header without options

const u8* bytesAt(const void* base, size_t offset) { return static_cast<const u8*>(base) + offset; }

/// Of type and length, how much is there: padding of one byte has no length.
size_t optionHeadBytes(const u8* option) { return option[0] == IP6OPT_PAD1 ? 1 : 2; }
size_t optionBytes(const u8* option) { return option[0] == IP6OPT_PAD1 ? 1 : 2 + option[1]; }

void readsOptionHead(InterceptedCall& call, const u8* option) {
  if (mayLook(option)) call.reads(option, optionHeadBytes(option));
}

/// The heads of options from `offset` through the first for which `is_wanted`.
template <class IsWanted>
void readsOptions(InterceptedCall& call, const void* header, socklen_t length, int offset,
                  IsWanted is_wanted) {
  if (!mayLook(header)) return;
  auto at = static_cast<size_t>(offset == 0 ? kHeaderBytes : offset);
  if (offset < 0 || at < kHeaderBytes) return;
  while (at < length) {
    const u8* const option = bytesAt(header, at);
    readsOptionHead(call, option);
    if (is_wanted(option[0])) return;
    at += optionBytes(option);
  }
}

}  // namespace

// RFC 3542: options

HINDSIGHT_INTERCEPTOR int inet6_opt_init(void* header, socklen_t length) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.inet6_opt_init(header, length); }, kReadsNothing,
      [=](InterceptedCall& call, int result) {
        if (header != nullptr && result > 0)
          call.writes(bytesAt(header, offsetof(ip6_hbh, ip6h_len)), 1);
      });
}

HINDSIGHT_INTERCEPTOR int inet6_opt_append(void* header, socklen_t length, int offset, u8 type,
                                           socklen_t bytes, u8 alignment, void** data) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC,
      [=] { return real.inet6_opt_append(header, length, offset, type, bytes, alignment, data); },
      kReadsNothing,
      [=](InterceptedCall& call, int result) {
        if (header == nullptr || result < 0) return;
        // Padding, type and length: all but the data.
        writesBytes(call, bytesAt(header, static_cast<size_t>(offset)),
                    static_cast<size_t>(result - offset) - bytes);
        writesObject(call, data);
      });
}

HINDSIGHT_INTERCEPTOR int inet6_opt_finish(void* header, socklen_t length, int offset) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.inet6_opt_finish(header, length, offset); },
      kReadsNothing,
      [=](InterceptedCall& call, int result) {
        if (header != nullptr && result > offset)
          call.writes(bytesAt(header, static_cast<size_t>(offset)),
                      static_cast<size_t>(result - offset));
      });
}

HINDSIGHT_INTERCEPTOR int inet6_opt_set_val(void* data, int offset, void* value,
                                            socklen_t bytes) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.inet6_opt_set_val(data, offset, value, bytes); },
      [=](InterceptedCall& call) { readsBytes(call, value, bytes); },
      [=](InterceptedCall& call, int) {
        writesBytes(call, bytesAt(data, static_cast<size_t>(offset)), bytes);
      });
}

HINDSIGHT_INTERCEPTOR int inet6_opt_get_val(void* data, int offset, void* value,
                                            socklen_t bytes) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.inet6_opt_get_val(data, offset, value, bytes); },
      [=](InterceptedCall& call) {
        readsBytes(call, bytesAt(data, static_cast<size_t>(offset)), bytes);
      },
      [=](InterceptedCall& call, int) { writesBytes(call, value, bytes); });
}

HINDSIGHT_INTERCEPTOR int inet6_opt_next(void* header, socklen_t length, int offset, u8* type,
                                         socklen_t* bytes, void** data) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC,
      [=] { return real.inet6_opt_next(header, length, offset, type, bytes, data); },
      [=](InterceptedCall& call) {
        readsOptions(call, header, length, offset,
                     [](u8 found) { return found != IP6OPT_PAD1 && found != IP6OPT_PADN; });
      },
      [=](InterceptedCall& call, int result) {
        if (result < 0) return;
        writesObject(call, type);
        writesObject(call, bytes);
        writesObject(call, data);
      });
}

HINDSIGHT_INTERCEPTOR int inet6_opt_find(void* header, socklen_t length, int offset, u8 type,
                                         socklen_t* bytes, void** data) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC,
      [=] { return real.inet6_opt_find(header, length, offset, type, bytes, data); },
      [=](InterceptedCall& call) {
        readsOptions(call, header, length, offset, [=](u8 found) { return found == type; });
      },
      [=](InterceptedCall& call, int result) {
        if (result < 0) return;
        writesObject(call, bytes);
        writesObject(call, data);
      });
}

// RFC 3542: routes

namespace {

/// Length and type; with the number of segments left, if that is looked at.
void readsRouteHead(InterceptedCall& call, const void* route, bool with_left) {
  if (!mayLook(route)) return;
  call.reads(bytesAt(route, offsetof(ip6_rthdr, ip6r_len)), with_left ? 3 : 2);
}

/// Of the only type that there is: by its length field, in pairs of eight bytes.
size_t routeBytes(const void* route) {
  const size_t segments = static_cast<const ip6_rthdr*>(route)->ip6r_len / 2;
  return sizeof(ip6_rthdr0) + segments * sizeof(in6_addr);
}

}  // namespace

HINDSIGHT_INTERCEPTOR void* inet6_rth_init(void* route, socklen_t length, int type,
                                           int segments) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.inet6_rth_init(route, length, type, segments); },
      kReadsNothing,
      [=](InterceptedCall& call, const void* result) {
        if (result != nullptr) call.writes(result, routeBytes(result));
      });
}

HINDSIGHT_INTERCEPTOR int inet6_rth_add(void* route, const in6_addr* address) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.inet6_rth_add(route, address); },
      [=](InterceptedCall& call) {
        readsRouteHead(call, route, true);
        readsObject(call, address);
      },
      [=](InterceptedCall& call, int result) {
        if (result != 0) return;
        const u8* const left = &static_cast<const ip6_rthdr*>(route)->ip6r_segleft;
        call.writes(left, 1);
        call.writes(bytesAt(route, sizeof(ip6_rthdr0) + (*left - 1u) * sizeof(in6_addr)),
                    sizeof(in6_addr));
      });
}

HINDSIGHT_INTERCEPTOR int inet6_rth_reverse(const void* from, void* to) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.inet6_rth_reverse(from, to); },
      [=](InterceptedCall& call) {
        if (mayLook(from)) call.reads(from, routeBytes(from));
      },
      [=](InterceptedCall& call, int result) {
        if (result == 0) call.writes(to, routeBytes(to));
      });
}

HINDSIGHT_INTERCEPTOR int inet6_rth_segments(const void* route) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.inet6_rth_segments(route); },
      [=](InterceptedCall& call) { readsRouteHead(call, route, false); });
}

HINDSIGHT_INTERCEPTOR in6_addr* inet6_rth_getaddr(const void* route, int index) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.inet6_rth_getaddr(route, index); },
      [=](InterceptedCall& call) { readsRouteHead(call, route, false); });
}

// RFC 2292: options in a control message

namespace {

size_t dataBytes(const cmsghdr* message) { return message->cmsg_len - CMSG_LEN(0); }

void readsLength(InterceptedCall& call, const cmsghdr* message) {
  if (mayLook(message)) readsObject(call, &message->cmsg_len);
}

/// An option was put behind `before` bytes of data; `own` bytes at `skipped` were left to the
/// caller.
void writesAppended(InterceptedCall& call, const cmsghdr* message, size_t before, const u8* skipped,
                    size_t own) {
  const u8* const data = CMSG_DATA(message);
  const u8* const begin = data + max(before, sizeof(ip6_ext));
  const u8* const end = data + dataBytes(message);
  writesObject(call, &message->cmsg_len);
  call.writes(data + offsetof(ip6_ext, ip6e_len), 1);
  if (skipped == nullptr) skipped = end;
  writesBytes(call, begin, static_cast<size_t>(skipped - begin));
  if (skipped != end) writesBytes(call, skipped + own, static_cast<size_t>(end - skipped) - own);
}

/// What is looked at before the first option, and where that is. The caller's place may be unset.
const u8* readsPlace(InterceptedCall& call, const cmsghdr* message, u8* const* place) {
  if (!mayLook(message) || !mayLook(place)) return nullptr;
  readsObject(call, message);
  readsObject(call, place);
  const u8* const data = CMSG_DATA(message);
  if (dataBytes(message) < sizeof(ip6_ext) || message->cmsg_len < CMSG_LEN(0)) return nullptr;
  call.reads(data + offsetof(ip6_ext, ip6e_len), 1);
  return *place == nullptr ? data + sizeof(ip6_ext) : *place;
}

/// The heads of options from `first` through the one that was found.
void readsThrough(InterceptedCall& call, const u8* first, const u8* found) {
  if (first == nullptr) return;
  for (; first < found; first += optionBytes(first)) readsOptionHead(call, first);
  readsOptionHead(call, found);
}

template <class RealCall>
int findOption(uptr pc, const cmsghdr* message, u8** place, RealCall real_call) {
  InterceptedCall call(pc);
  if (call.bypass()) return real_call();
  const u8* const first = readsPlace(call, message, place);
  const int result = call.blocking(real_call);
  if (result != 0) return result;
  readsThrough(call, first, *place);
  writesObject(call, place);
  return result;
}

}  // namespace

HINDSIGHT_INTERCEPTOR int inet6_option_init(void* room, cmsghdr** message, int type) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.inet6_option_init(room, message, type); },
      kReadsNothing,
      [=](InterceptedCall& call, int result) {
        if (result != 0) return;
        call.writes(room, sizeof(cmsghdr));
        writesObject(call, message);
      });
}

HINDSIGHT_INTERCEPTOR int inet6_option_append(cmsghdr* message, const u8* option, int multiple,
                                              int plus) noexcept {
  const size_t before = mayLook(message) ? dataBytes(message) : 0;
  return intercepted(
      HINDSIGHT_CALLER_PC,
      [=] { return real.inet6_option_append(message, option, multiple, plus); },
      [=](InterceptedCall& call) {
        readsLength(call, message);
        if (mayLook(option)) call.reads(option, optionBytes(option));
      },
      [=](InterceptedCall& call, int result) {
        if (result == 0) writesAppended(call, message, before, nullptr, 0);
      });
}

HINDSIGHT_INTERCEPTOR u8* inet6_option_alloc(cmsghdr* message, int bytes, int multiple,
                                             int plus) noexcept {
  const size_t before = mayLook(message) ? dataBytes(message) : 0;
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.inet6_option_alloc(message, bytes, multiple, plus); },
      [=](InterceptedCall& call) { readsLength(call, message); },
      [=](InterceptedCall& call, const u8* option) {
        if (option != nullptr)
          writesAppended(call, message, before, option, static_cast<size_t>(bytes));
      });
}

HINDSIGHT_INTERCEPTOR int inet6_option_next(const cmsghdr* message, u8** place) noexcept {
  return findOption(HINDSIGHT_CALLER_PC, message, place,
                    [=] { return real.inet6_option_next(message, place); });
}

HINDSIGHT_INTERCEPTOR int inet6_option_find(const cmsghdr* message, u8** place, int type) noexcept {
  return findOption(HINDSIGHT_CALLER_PC, message, place,
                    [=] { return real.inet6_option_find(message, place, type); });
}
