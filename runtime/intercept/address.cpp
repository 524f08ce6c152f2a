// address.cpp - network names and addresses: getaddrinfo, inet_ntop and theirs.
//
// Thread safety: any thread. Allocation: none of ours (the C library's runs outside the runtime).
#include "intercept/real_calls.h"

#include "intercept/intercepted_call.h"
#include "intercept/uniform.h"

using namespace hindsight;

namespace {

size_t addressBytes(int family) { return family == AF_INET6 ? sizeof(in6_addr) : sizeof(in_addr); }

}  // namespace

HINDSIGHT_INTERCEPTOR int getaddrinfo(const char* node, const char* service, const addrinfo* hints,
                                      addrinfo** result) {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.getaddrinfo(node, service, hints, result);
  if (node != nullptr) call.readsString(node);
  if (service != nullptr) call.readsString(service);
  if (hints != nullptr) call.reads(hints, sizeof *hints);
  const int error = call.blocking([=] { return real.getaddrinfo(node, service, hints, result); });
  if (error != 0) return error;
  writesObject(call, result);
  for (const addrinfo* at = *result; at != nullptr; at = at->ai_next) {
    writesObject(call, at);
    writesBytes(call, at->ai_addr, at->ai_addrlen);
    writesText(call, at->ai_canonname);
  }
  return error;
}

HINDSIGHT_INTERCEPTOR int getnameinfo(const sockaddr* address, socklen_t address_bytes, char* node,
                                      socklen_t node_room, char* service, socklen_t service_room,
                                      int flags) {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  const auto real_call = [=] {
    return real.getnameinfo(address, address_bytes, node, node_room, service, service_room, flags);
  };
  if (call.bypass()) return real_call();
  call.reads(address, address_bytes);
  const int error = call.blocking(real_call);
  if (error != 0) return error;
  if (node != nullptr && node_room != 0) call.writes(node, real.strlen(node) + 1);
  if (service != nullptr && service_room != 0) call.writes(service, real.strlen(service) + 1);
  return error;
}

HINDSIGHT_INTERCEPTOR const char* inet_ntop(int family, const void* __restrict address,
                                            char* __restrict out, socklen_t room) noexcept {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.inet_ntop(family, address, out, room);
  const char* text = call.blocking([=] { return real.inet_ntop(family, address, out, room); });
  if (text == nullptr) return text;
  call.reads(address, addressBytes(family));
  call.writes(text, real.strlen(text) + 1);
  return text;
}

HINDSIGHT_INTERCEPTOR int inet_pton(int family, const char* __restrict text,
                                    void* __restrict out) noexcept {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.inet_pton(family, text, out);
  call.readsString(text);
  const int result = call.blocking([=] { return real.inet_pton(family, text, out); });
  if (result == 1) call.writes(out, addressBytes(family));
  return result;
}

HINDSIGHT_INTERCEPTOR int inet_aton(const char* text, in_addr* out) noexcept {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.inet_aton(text, out);
  call.readsString(text);
  const int result = call.blocking([=] { return real.inet_aton(text, out); });
  if (result != 0) call.writes(out, sizeof *out);
  return result;
}
