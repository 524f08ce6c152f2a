// Remote commands: names and addresses go in, also where they come to nothing.
// EXPECT: races=9
#include <netdb.h>
#include <netinet/in.h>

#include "libc_cases.h"

extern "C" int ruserpass(const char* host, const char** name, const char** password);

char host[] = "somewhere", user[] = "nobody_here", other[] = "nobody", command[] = "true";
char* host_at = host;
in_addr address;
int port = 600;
const char *name = "me", *password = "secret";

// An address family that has no names: nothing is asked for.
constexpr Case kCases[] = {
    {"rcmd host", [] { keep(rcmd_af(&host_at, 1, user, other, command, nullptr, AF_UNIX)); },
     [] { host_at = host; }},
    {"rcmd user", [] { keep(rcmd_af(&host_at, 1, user, other, command, nullptr, AF_UNIX)); },
     [] { user[0] = 'n'; }},
    {"rexec", [] { keep(rexec_af(&host_at, 1, user, other, command, nullptr, AF_UNIX)); },
     [] { command[0] = 't'; }},
    {"ruserok host", [] { keep(ruserok_af(host, 0, user, other, AF_UNIX)); },
     [] { host[8] = 'e'; }},
    {"ruserok user", [] { keep(ruserok_af(host, 0, user, other, AF_UNIX)); },
     [] { other[0] = 'n'; }},
    {"iruserok", [] { keep(iruserok_af(&address, 1, user, user, AF_INET)); },
     [] { address.s_addr = 1; }},
    {"rresvport", [] { keep(rresvport(&port)); }, [] { port = 601; }},
    {"ruserpass", [] { keep(ruserpass(host, &name, &password)); }, [] { name = "me"; }},
    {"ruserpass host", [] { keep(ruserpass(host, &name, &password)); }, [] { host[0] = 's'; }},
};

int main() { raceCases(kCases); }
