// Host, service and interface names, addresses as text, answers of the name service.
// EXPECT: races>=10
#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/ether.h>
#include <resolv.h>

#include "libc_cases.h"

char name[16] = "localhost", buffer[4096], text[64], interface_name[IF_NAMESIZE],
     address[16] = "10.0.0.1";
hostent host, *found;
protoent protocol, *found_protocol;
servent service, *found_service;
ether_addr hardware;
ifaddrs* interfaces;
unsigned char wire[64] = {3, 'a', 'b', 'c', 0};
int error;

constexpr Case kCases[] = {
    {"gethostbyname_r", [] { gethostbyname_r(name, &host, buffer, sizeof buffer, &found, &error); },
     [] { name[8] = 't'; }},
    {"gethostbyname_r result",
     [] { gethostbyname_r("127.0.0.1", &host, buffer, sizeof buffer, &found, &error); },
     [] { host.h_length = 0; }},
    {"gethostbyname", [] { keep(gethostbyname("127.0.0.1") != nullptr); },
     [] { keep(gethostbyname("127.0.0.1") != nullptr); }},
    {"inet_addr", [] { keep(inet_addr(address)); }, [] { address[7] = '1'; }},
    {"inet_network", [] { keep(inet_network(address)); }, [] { address[8] = 0; }},
    {"ether_aton_r", [] { keep(ether_aton_r("0:1:2:3:4:5", &hardware) != nullptr); },
     [] { hardware.ether_addr_octet[5] = 0; }},
    {"ether_ntoa_r", [] { keep(ether_ntoa_r(&hardware, text) != nullptr); }, [] { text[0] = 0; }},
    {"if_indextoname", [] { keep(if_indextoname(1, interface_name) != nullptr); },
     [] { interface_name[1] = 0; }},
    {"getifaddrs", [] { keep(getifaddrs(&interfaces)); }, [] { interfaces = nullptr; }},
    {"dn_expand", [] { keep(dn_expand(wire, wire + 64, wire, text, sizeof text)); },
     [] { text[3] = 1; }},
};

int main() { raceCases(kCases); }
