#!/usr/bin/env bash
# A shared library that is replaced on disk while the program runs (an upgrade, a rebuild): where the new file is not
# the one that is mapped, places in it are told as module and offset, not by the new one's names. Names that were
# read before remain. One that is closed, replaced and opened again, at the same address, has its new names.
source "$(dirname "${BASH_SOURCE[0]}")/../support/shell.sh"
cat >library.c <<'END'
int counters[64];
void first(void) { ++counters[0]; }
void second(void) { ++counters[32]; }
END
cat >upgraded.c <<'END'
int wrong_counters[64];
void wrong_function(void) { for (int i = 0; i < 64; i++) wrong_counters[i] += i * i; }
void first(void) { wrong_function(); }
void second(void) { wrong_function(); }
END
cat >program.c <<'END'
#include <pthread.h>
#include <stdio.h>
void first(void);
void second(void);
static void *run(void *which) { ((void (*)(void))which)(); return 0; }
static void race(void (*which)(void)) {
  pthread_t thread;
  pthread_create(&thread, 0, run, (void *)which);
  which();
  pthread_join(thread, 0);
}
int main(int count, char **values) {
  (void)values;
  if (count > 1) race(first);
  if (rename("upgraded.so", "libpart.so") != 0) return 1;
  race(second);
  return 0;
}
END
build() {
  expect_ok "$CC" -O1 -g -fPIC -shared library.c -o libpart.so -Wl,--build-id=none
  expect_ok "$CC" -O1 -g -fPIC -shared upgraded.c -o upgraded.so -Wl,--build-id=none
}
build
expect_ok "$CC" -O1 -g program.c -o program -L. -lpart -Wl,-rpath,.
expect_race ./program
expect_no_stderr wrong
expect_no_stderr upgraded.c
expect_stderr libpart.so+0x
build
expect_race ./program named-before
expect_no_stderr wrong
expect_no_stderr upgraded.c
expect_stderr "first()"
expect_stderr "second()"

# A plugin that is rebuilt and loaded again.
sed 's/second/reborn/' library.c >reborn.c
cat >reloads.c <<'END'
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
static void *run(void *which) { ((void (*)(void))which)(); return 0; }
static char *race(const char *name) {
  void *library = dlopen("./plugin.so", RTLD_NOW);
  void *which = dlsym(library, name);
  if (!which) { puts(dlerror()); return 0; }
  pthread_t thread;
  pthread_create(&thread, 0, run, which);
  run(which);
  pthread_join(thread, 0);
  dlclose(library);
  return which;
}
int main(void) {
  char *before = race("second");
  if (rename("reborn.so", "plugin.so") != 0) return 1;
  puts(race("reborn") == before ? "same place" : "elsewhere");
  return 0;
}
END
expect_ok "$CC" -O1 -g -fPIC -shared library.c -o plugin.so
expect_ok "$CC" -O1 -g -fPIC -shared reborn.c -o reborn.so
expect_ok "$CC" -O1 -g reloads.c -o reloads
expect_race ./reloads
expect_stdout "same place"
expect_stderr "second()"
expect_stderr "reborn()"
