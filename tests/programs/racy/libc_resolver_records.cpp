// libresolv's parsers: the message, the handle and the record are read and written.
// LIBS: -lresolv
// EXPECT: races=19
#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <netinet/in.h>
#include <resolv.h>

#include "libc_cases.h"

#pragma clang diagnostic ignored "-Wdeprecated-declarations"

// An answer: a.b IN A, 1 record of that name, an hour, 10.0.0.1
unsigned char header[] = {0, 1, 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0};
unsigned char question[] = {1, 'a', 1, 'b', 0, 0, 1, 0, 1};
unsigned char answer[] = {0xc0, 12, 0, 1, 0, 1, 0, 0, 0x0e, 0x10, 0, 4, 10, 0, 0, 1};
unsigned char message[sizeof header + sizeof question + sizeof answer];
ns_msg handle, parsed;
ns_rr record, printed_record;
char text[256], number[] = "1H", date[] = "20200101000000", name[] = "a.b.c", domain[] = "b.c";
unsigned long lifetime;
int failed;
unsigned char buffer[32];
char base64[] = "AAECAw==";

struct Prepared {
  Prepared() {
    memcpy(message, header, sizeof header);
    memcpy(message + 12, question, sizeof question);
    memcpy(message + 21, answer, sizeof answer);
    ns_initparse(message, sizeof message, &parsed);
    ns_parserr(&parsed, ns_s_an, 0, &printed_record);
  }
} prepared;

void parse() {
  ns_msg own;
  keep(ns_initparse(message, sizeof message, &own));
}

constexpr Case kCases[] = {
    {"initparse handle", [] { keep(ns_initparse(message, sizeof message, &handle)); },
     [] { handle._eom = nullptr; }},
    {"initparse header", parse, [] { message[7] = 1; }},
    {"initparse label", parse, [] { message[12] = 1; }},
    {"initparse length", parse, [] { message[32] = 4; }},
    {"skiprr", [] { keep(ns_skiprr(message + 21, message + sizeof message, ns_s_an, 1)); },
     [] { message[31] = 0; }},
    {"parserr handle", [] { keep(ns_parserr(&parsed, ns_s_an, 0, &record)); },
     [] { parsed._sect = ns_s_max; }},
    {"parserr name", [] { keep(ns_parserr(&parsed, ns_s_an, 0, &record)); },
     [] { record.name[3] = 0; }},
    {"parserr data", [] { keep(ns_parserr(&parsed, ns_s_an, 0, &record)); },
     [] { record.rdata = nullptr; }},
    {"sprintrr", [] { keep(ns_sprintrr(&parsed, &printed_record, nullptr, nullptr, text, 256)); },
     [] { text[0] = 0; }},
    {"sprintrr data",
     [] { keep(ns_sprintrr(&parsed, &printed_record, nullptr, nullptr, text, 256)); },
     [] { message[36] = 2; }},
    {"parse_ttl", [] { keep(ns_parse_ttl(number, &lifetime)); }, [] { lifetime = 0; }},
    {"datetosecs", [] { keep(ns_datetosecs(date, &failed)); }, [] { failed = 0; }},
    {"get16", [] { keep(ns_get16(buffer)); }, [] { buffer[1] = 1; }},
    {"put32", [] { ns_put32(1, buffer + 4); }, [] { buffer[7] = 1; }},
    {"samename", [] { keep(ns_samename(name, domain)); }, [] { name[5] = 0; }},
    {"samedomain", [] { keep(ns_samedomain(name, domain)); }, [] { domain[0] = 'b'; }},
    {"net_pton", [] { keep(inet_net_pton(AF_INET, "10.1.2/24", buffer, 4)); },
     [] { buffer[2] = 1; }},
    {"net_ntop", [] { keep(inet_net_ntop(AF_INET, buffer + 16, 24, text, 64)); },
     [] { buffer[18] = 1; }},
    {"b64_pton", [] { keep(b64_pton(base64, buffer + 20, 8)); }, [] { buffer[23] = 1; }},
};

/// Beside what the calls access: quiet without any order.
constexpr Case kNeighbours[] = {
    {"initparse data", parse, [] { message[33] = 10; }},
    {"net_pton", [] { keep(inet_net_pton(AF_INET, "10.1.2/24", buffer, 4)); },
     [] { buffer[3] = 1; }},
};

int main() {
  raceCases(kCases);
  raceCases(kNeighbours);
}
