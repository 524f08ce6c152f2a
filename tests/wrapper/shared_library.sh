#!/usr/bin/env bash
# Instrumented shared libraries: linked, opened at run time, with and without -z defs. The runtime is
# in the executable only, and exported to them.
source "$(dirname "${BASH_SOURCE[0]}")/../support/shell.sh"
cat >library.c <<'EOF'
int shared;
void touch(void) { ++shared; }
EOF
cat >program.c <<'EOF'
#include <pthread.h>
void touch(void);
static void *run(void *unused) { touch(); return unused; }
int main(void) {
  pthread_t thread;
  pthread_create(&thread, 0, run, 0);
  touch();
  return pthread_join(thread, 0);
}
EOF
cat >opens.c <<'EOF'
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
static void *run(void *touch) { ((void (*)(void))touch)(); return 0; }
int main(void) {
  void *library = dlopen("./libtouch.so", RTLD_NOW);
  if (!library) { puts(dlerror()); return 1; }
  void *touch = dlsym(library, "touch");
  pthread_t thread;
  pthread_create(&thread, 0, run, touch);
  run(touch);
  return pthread_join(thread, 0);
}
EOF
linkers="bfd"; command -v ld.lld-19 >/dev/null && linkers="bfd lld"
if command -v ld.gold >/dev/null; then
  expect_ok "$CC" -fuse-ld=gold -Wl,--fatal-warnings -g -fPIC -shared -Wl,-z,defs library.c -o libtouch.so
fi
for linker in $linkers; do
  for defs in "" -Wl,-z,defs -Wl,--no-undefined "-z defs" "-Xlinker -z -Xlinker defs"; do
    expect_ok "$CC" -fuse-ld=$linker -g -fPIC -shared $defs library.c -o libtouch.so
    expect_instrumented libtouch.so
    grep -q ' T __hindsight_write4' <(nm -D libtouch.so) && fail "runtime linked into the library"
  done
  expect_ok "$CC" -fuse-ld=$linker -g program.c -o program -L. -ltouch -Wl,-rpath,.
  expect_race ./program
  expect_stderr "touch"
  expect_ok "$CC" -fuse-ld=$linker -g opens.c -o opens
  expect_race ./opens
  expect_stderr "touch"
  # Exported although nothing at link time refers to it.
  grep -q ' T __hindsight_write8' <(nm -D opens) || fail "the runtime is not exported"
done

# An executable that exports nothing: the runtime is a library then, or others would call past it.
echo '{ global: main; local: *; };' >exports.map
for hides in -Wl,--version-script=exports.map -Wl,--exclude-libs,ALL "-Xlinker --exclude-libs=ALL"; do
  expect_ok "$CC" $hides -g program.c -o exports_little -L. -ltouch -Wl,-rpath,.
  expect_race ./exports_little
  expect_stderr "touch"
done
expect_ok "$CC" -Wl,--exclude-libs,libother.a -g program.c -o program -L. -ltouch -Wl,-rpath,.
expect_runtime program
# In a library such a script changes nothing.
echo '{ global: touch; local: *; };' >touch.map
expect_ok "$CC" -Wl,--version-script=touch.map -g -fPIC -shared library.c -o libtouch.so
expect_race ./program

# Compile and link a library in two steps.
expect_ok "$CC" -fPIC -c library.c
expect_ok "$CC" -shared library.o -Wl,-soname,libtouch.so -o libtouch.so
expect_race ./program

# An uninstrumented library beside instrumented code.
expect_ok "$CC" -fno-sanitize=thread -fPIC -shared library.c -o libtouch.so
expect_ok ./program
