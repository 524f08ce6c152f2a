// network.cpp - addresses as text, interfaces, source filters.
//
// Thread safety: any thread. Allocation: none of ours.
#include "intercept/real_calls.h"

#include "intercept/uniform.h"

#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/ether.h>
#include <netinet/in.h>

using namespace hindsight;

// Addresses

HINDSIGHT_INTERCEPTOR in_addr_t inet_addr(const char* cp) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.inet_addr(cp); },
      [=](InterceptedCall& call) { readsText(call, cp); });
}

HINDSIGHT_INTERCEPTOR in_addr_t inet_network(const char* cp) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.inet_network(cp); },
      [=](InterceptedCall& call) { readsText(call, cp); });
}

HINDSIGHT_INTERCEPTOR unsigned int inet_nsap_addr(const char* cp, unsigned char* buf,
                                                  int len) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.inet_nsap_addr(cp, buf, len); },
      [=](InterceptedCall& call) { readsText(call, cp); },
      [=](InterceptedCall& call, const auto result) {
        if (result != 0) writesBytes(call, buf, result);
      });
}

HINDSIGHT_INTERCEPTOR char* inet_nsap_ntoa(int len, const unsigned char* cp, char* buf) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.inet_nsap_ntoa(len, cp, buf); },
      [=](InterceptedCall& call) {
        readsBytes(call, cp, static_cast<size_t>(min(max(len, 0), 255)));
      },
      [=](InterceptedCall& call, auto&&) {
        if (buf != nullptr) writesText(call, buf);
      });
}

HINDSIGHT_INTERCEPTOR struct ether_addr* ether_aton(const char* asc) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.ether_aton(asc); },
      [=](InterceptedCall& call) { readsText(call, asc); },
      [=](InterceptedCall& call, auto result) { writesObject(call, result); });
}

HINDSIGHT_INTERCEPTOR struct ether_addr* ether_aton_r(const char* asc,
                                                      struct ether_addr* addr) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.ether_aton_r(asc, addr); },
      [=](InterceptedCall& call) { readsText(call, asc); },
      [=](InterceptedCall& call, auto result) {
        if (result != nullptr) writesObject(call, addr);
      });
}

HINDSIGHT_INTERCEPTOR char* ether_ntoa(const struct ether_addr* addr) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.ether_ntoa(addr); },
      [=](InterceptedCall& call) { readsObject(call, addr); },
      [=](InterceptedCall& call, auto result) { writesText(call, result); });
}

HINDSIGHT_INTERCEPTOR char* ether_ntoa_r(const struct ether_addr* addr, char* buf) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.ether_ntoa_r(addr, buf); },
      [=](InterceptedCall& call) { readsObject(call, addr); },
      [=](InterceptedCall& call, auto&&) { writesText(call, buf); });
}

HINDSIGHT_INTERCEPTOR int ether_hostton(const char* hostname, struct ether_addr* addr) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.ether_hostton(hostname, addr); },
      [=](InterceptedCall& call) { readsText(call, hostname); },
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, addr);
      });
}

HINDSIGHT_INTERCEPTOR int ether_ntohost(char* hostname, const struct ether_addr* addr) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.ether_ntohost(hostname, addr); },
      [=](InterceptedCall& call) { readsObject(call, addr); },
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesText(call, hostname);
      });
}

HINDSIGHT_INTERCEPTOR int ether_line(const char* line, struct ether_addr* addr,
                                     char* hostname) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.ether_line(line, addr, hostname); },
      [=](InterceptedCall& call) { readsText(call, line); },
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) {
          writesObject(call, addr);
          writesText(call, hostname);
        }
      });
}

HINDSIGHT_INTERCEPTOR unsigned int if_nametoindex(const char* ifname) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.if_nametoindex(ifname); },
      [=](InterceptedCall& call) { readsText(call, ifname); });
}

HINDSIGHT_INTERCEPTOR char* if_indextoname(unsigned int ifindex, char* ifname) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.if_indextoname(ifindex, ifname); }, kReadsNothing,
      [=](InterceptedCall& call, auto result) {
        if (result != nullptr) writesText(call, ifname);
      });
}

HINDSIGHT_INTERCEPTOR int getifaddrs(struct ifaddrs** ifap) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.getifaddrs(ifap); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) {
          writesObject(call, ifap);
          for (const ifaddrs* at = *ifap; at != nullptr; at = at->ifa_next) writesObject(call, at);
        }
      });
}

HINDSIGHT_INTERCEPTOR struct if_nameindex* if_nameindex() noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.if_nameindex(); }, kReadsNothing,
      [=](InterceptedCall& call, const struct if_nameindex* list) {
        for (; list != nullptr; ++list) {
          writesObject(call, list);
          if (list->if_index == 0 && list->if_name == nullptr) break;
          writesText(call, list->if_name);
        }
      });
}

// Sockets

namespace {

/// If there are more sources than room, as many as fit are stored, and how many there are.
template <class Source, class RealCall>
int askSources(uptr pc, const sockaddr* group, socklen_t group_bytes, const uint32_t* mode,
               const uint32_t* count, const Source* sources, RealCall real_call) {
  InterceptedCall call(pc);
  if (call.bypass() || !mayLook(count)) return real_call();
  readsBytes(call, group, group_bytes);
  readsObject(call, count);
  const uint32_t room = *count;
  const int result = call.blocking(real_call);
  if (result != 0) return result;
  writesObject(call, mode);
  writesObject(call, count);
  writesBytes(call, sources, min(room, *count) * sizeof *sources);
  return result;
}

}  // namespace

HINDSIGHT_INTERCEPTOR int sockatmark(int fd) noexcept {
  return intercepted(HINDSIGHT_CALLER_PC, [=] { return real.sockatmark(fd); });
}

HINDSIGHT_INTERCEPTOR int isfdtype(int fd, int fdtype) noexcept {
  return intercepted(HINDSIGHT_CALLER_PC, [=] { return real.isfdtype(fd, fdtype); });
}

HINDSIGHT_INTERCEPTOR int bindresvport(int sockfd, struct sockaddr_in* sock_in) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.bindresvport(sockfd, sock_in); },
      [=](InterceptedCall& call) { readsObject(call, sock_in); },
      [=](InterceptedCall& call, const auto result) {
        if (result == 0)
          if (sock_in != nullptr) writesObject(call, &sock_in->sin_port);
      });
}

HINDSIGHT_INTERCEPTOR int getsourcefilter(int s, uint32_t interface_addr,
                                          const struct sockaddr* group, socklen_t grouplen,
                                          uint32_t* fmode, uint32_t* numsrc,
                                          struct sockaddr_storage* slist) noexcept {
  return askSources(HINDSIGHT_CALLER_PC, group, grouplen, fmode, numsrc, slist, [=] {
    return real.getsourcefilter(s, interface_addr, group, grouplen, fmode, numsrc, slist);
  });
}

HINDSIGHT_INTERCEPTOR int setsourcefilter(int s, uint32_t interface_addr,
                                          const struct sockaddr* group, socklen_t grouplen,
                                          uint32_t fmode, uint32_t numsrc,
                                          const struct sockaddr_storage* slist) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC,
      [=] {
        return real.setsourcefilter(s, interface_addr, group, grouplen, fmode, numsrc, slist);
      },
      [=](InterceptedCall& call) {
        readsBytes(call, group, grouplen);
        readsBytes(call, slist, numsrc * sizeof *slist);
      });
}

HINDSIGHT_INTERCEPTOR int getipv4sourcefilter(int s, struct in_addr interface_addr,
                                              struct in_addr group, uint32_t* fmode,
                                              uint32_t* numsrc, struct in_addr* slist) noexcept {
  return askSources(HINDSIGHT_CALLER_PC, nullptr, 0, fmode, numsrc, slist, [=] {
    return real.getipv4sourcefilter(s, interface_addr, group, fmode, numsrc, slist);
  });
}

HINDSIGHT_INTERCEPTOR int setipv4sourcefilter(int s, struct in_addr interface_addr,
                                              struct in_addr group, uint32_t fmode, uint32_t numsrc,
                                              const struct in_addr* slist) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC,
      [=] { return real.setipv4sourcefilter(s, interface_addr, group, fmode, numsrc, slist); },
      [=](InterceptedCall& call) { readsBytes(call, slist, numsrc * sizeof *slist); });
}
