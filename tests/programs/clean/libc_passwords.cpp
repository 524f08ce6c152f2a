// libcrypt: passwords and settings are read, hashes and salts are written.
// LIBS: -lcrypt
#include <crypt.h>
#include <stdlib.h>

#include "libc_cases.h"

char phrase[] = "secret", setting[] = "$1$saltsalt$", prefix[] = "$1$",
     noise[] = "0123456789abcdef";
char salt[CRYPT_GENSALT_OUTPUT_SIZE];
crypt_data data;
void* block;
int block_bytes;
char* const hash = crypt("a", "$1$saltsalt$");  // what every call returns

constexpr Case kCases[] = {
    {"crypt", [] { keep(crypt("a", "$1$saltsalt$")); }, [] { hash[0] = 0; }},
    {"crypt phrase", [] { keep(crypt_r(phrase, setting, &data)); }, [] { phrase[5] = 'T'; }},
    {"crypt setting", [] { keep(crypt_r(phrase, setting, &data)); }, [] { setting[3] = 'S'; }},
    {"crypt_r", [] { keep(crypt_r("a", "$1$saltsalt$", &data)); }, [] { data.output[0] = 0; }},
    {"crypt_rn", [] { keep(crypt_rn("a", "$1$saltsalt$", &data, sizeof data)); },
     [] { data.output[1] = 0; }},
    {"crypt_ra", [] { keep(crypt_ra("a", "$1$saltsalt$", &block, &block_bytes)); },
     [] { block_bytes = 0; }},
    {"gensalt random", [] { free(crypt_gensalt_ra("$1$", 0, noise, 16)); }, [] { noise[0] = '1'; }},
    {"gensalt prefix", [] { free(crypt_gensalt_ra(prefix, 0, "0123456789abcdef", 16)); },
     [] { prefix[2] = '$'; }},
    {"gensalt", [] { keep(crypt_gensalt_rn("$1$", 0, "0123456789abcdef", 16, salt, sizeof salt)); },
     [] { salt[0] = 0; }},
};

int main() { orderCases(kCases); }
