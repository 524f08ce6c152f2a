// IPv6 extension headers in the caller's buffers: options, routes, and options of the older kind.
#include <netinet/in.h>
#include <netinet/ip6.h>
#include <sys/socket.h>

#include "libc_cases.h"

#pragma clang diagnostic ignored "-Wdeprecated-declarations"

unsigned char header[32], full[32], route[64], back[64], found_type;
alignas(cmsghdr) char room[256];
alignas(cmsghdr) char filled[256];
int full_bytes;
void* data;
socklen_t bytes;
unsigned value;
in6_addr address;
cmsghdr* message;
uint8_t* place;
uint8_t option[] = {0x42, 2, 1, 2};

struct Prepared {
  Prepared() {
    inet6_opt_init(full, sizeof full);
    const int at = inet6_opt_append(full, sizeof full, 2, 0x42, 4, 4, &data);
    full_bytes = inet6_opt_finish(full, sizeof full, at);
    inet6_rth_init(route, sizeof route, IPV6_RTHDR_TYPE_0, 2);
    cmsghdr* made;
    inet6_option_init(filled, &made, IPV6_HOPOPTS);
    inet6_option_append(made, option, 1, 0);
  }
} prepared;

/// Options of both kinds into buffers of their own.
void append() { inet6_opt_append(header, sizeof header, 3, 0x42, 4, 4, &data); }
void appendOld() {
  cmsghdr* made;
  inet6_option_init(room, &made, IPV6_HOPOPTS);
  inet6_option_append(made, option, 4, 2);
}
int findOld() {
  uint8_t* at = nullptr;
  return inet6_option_find(reinterpret_cast<cmsghdr*>(filled), &at, 0x42);
}
uint8_t* oldData(char* buffer) { return CMSG_DATA(reinterpret_cast<cmsghdr*>(buffer)); }

constexpr Case kCases[] = {
    {"opt_init", [] { inet6_opt_init(header, sizeof header); }, [] { header[1] = 0; }},
    {"opt_append padding", append, [] { header[5] = 0; }},
    {"opt_append option", append, [] { header[7] = 0; }},
    {"opt_append data", append, [] { data = nullptr; }},
    {"opt_finish", [] { inet6_opt_finish(header, sizeof header, 12); }, [] { header[15] = 0; }},
    {"opt_set_val", [] { inet6_opt_set_val(header, 16, &value, sizeof value); },
     [] { header[19] = 0; }},
    {"opt_set_val value", [] { inet6_opt_set_val(header, 20, &value, sizeof value); },
     [] { value = 0; }},
    {"opt_get_val", [] { inet6_opt_get_val(header, 24, &value, sizeof value); },
     [] { header[27] = 0; }},
    {"opt_next",
     [] {
       uint8_t type;
       void* at;
       inet6_opt_next(full, sizeof full, 0, &type, &bytes, &at);
     },
     [] { bytes = 0; }},
    {"opt_next type",
     [] {
       socklen_t length;
       void* at;
       inet6_opt_next(full, sizeof full, 0, &found_type, &length, &at);
     },
     [] { full[2] = 0x42; }},
    {"opt_find",
     [] {
       socklen_t length;
       void* at;
       inet6_opt_find(full, sizeof full, 0, 0x42, &length, &at);
     },
     [] { full[3] = 4; }},
    {"rth_init", [] { inet6_rth_init(back, sizeof back, IPV6_RTHDR_TYPE_0, 2); },
     [] { back[39] = 0; }},
    {"rth_add", [] { inet6_rth_add(route, &address); }, [] { address.s6_addr[15] = 1; }},
    {"rth_add slot", [] { inet6_rth_add(route, &in6addr_any); }, [] { route[39] = 0; }},
    {"rth_reverse", [] { inet6_rth_reverse(route, back); }, [] { back[3] = 0; }},
    {"rth_segments", [] { keep(inet6_rth_segments(route)); }, [] { route[2] = 0; }},
    {"rth_getaddr", [] { keep(inet6_rth_getaddr(route, 0)); }, [] { route[1] = 4; }},
    {"option_init", [] { inet6_option_init(room, &message, IPV6_DSTOPTS); },
     [] { message = nullptr; }},
    {"option_append", appendOld, [] { oldData(room)[5] = 0; }},
    {"option_find", [] { keep(findOld()); }, [] { oldData(filled)[2] = 0x42; }},
};

int main() { orderCases(kCases); }
