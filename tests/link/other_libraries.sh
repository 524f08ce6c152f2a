#!/usr/bin/env bash
# Functions of other libraries that the runtime defines, too (LIBC_LIBRARY): a program that uses none of
# them needs none of these libraries, and one that does works whether or not it was linked with them, or
# opens them later.
source "$(dirname "${BASH_SOURCE[0]}")/../support/shell.sh"

needed() { readelf -dW "$1" | grep -F NEEDED; }

echo 'int main(void) { return 0; }' >none.c
expect_ok "$CC" none.c -o none
needed none | grep -qE 'libm|libcrypt|libresolv' && fail "an empty program needs another library"
expect_ok ./none

cat >uses.c <<'END'
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fenv.h>
#include <math.h>
#include <stdio.h>
char* crypt(const char*, const char*);
int main(void) {
  volatile double angle = 0;
  double sine = 1, cosine = 0;
  errno = 7;
  sincos(angle, &sine, &cosine);
  printf("%g %g %d\n", sine, cosine, errno);
  unsigned char net[4];
  printf("%s %d\n", crypt("a", "$1$saltsalt$"), inet_net_pton(AF_INET, "10.1/16", net, sizeof net));
  fenv_t environment;
  return fegetenv(&environment) | fesetenv(FE_DFL_ENV) | fesetenv(&environment);
}
END
all="-lm -lcrypt -lresolv"
for libraries in "" "$all" "-Wl,--as-needed $all" "-Wl,--no-as-needed $all"; do
  # shellcheck disable=SC2086  # a list
  expect_ok "$CC" -fno-builtin uses.c -o uses $libraries
  expect_ok ./uses
  expect_stdout "0 1 7"
  expect_stdout '$1$saltsalt$MzDjbImyzEz2m0NTiPzNW/ 16'
  expect_silent
done

# A library that needs libm, opened by a program that does not, and closed again.
cat >plugin.c <<'END'
#define _GNU_SOURCE
#include <math.h>
double half(double angle) {
  double sine, cosine;
  sincos(angle, &sine, &cosine);
  return cosine / 2;
}
END
cat >host.c <<'END'
#include <dlfcn.h>
#include <stdio.h>
int main(void) {
  for (int i = 0; i < 3; i++) {
    void* plugin = dlopen("./plugin.so", RTLD_NOW | (i == 0 ? RTLD_GLOBAL : RTLD_LOCAL));
    if (!plugin) return 1;
    double (*half)(double) = (double (*)(double))dlsym(plugin, "half");
    printf("%g\n", half(0));
    dlclose(plugin);
  }
}
END
for instrumented in "$CC" cc; do
  expect_ok "$instrumented" -fno-builtin -shared -fPIC plugin.c -o plugin.so -Wl,--no-as-needed -lm
  expect_ok "$CC" host.c -o host
  needed host | grep -q libm && fail "the host needs libm"
  expect_ok ./host
  expect_stdout "0.5"
  expect_silent
done

# A program's own functions of these names are its own.
cat >own.c <<'END'
#include <stdio.h>
int sincos(int a) { return a + 1; }
int crypt(int a) { return a + 2; }
int main(void) { printf("%d %d\n", sincos(1), crypt(1)); }
END
expect_ok "$CC" -fno-builtin -w own.c -o own
expect_ok ./own
expect_stdout "2 3"
