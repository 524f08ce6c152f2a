#!/usr/bin/env bash
# An instrumented library that is closed and opened again, by another thread and at the same address,
# has no history; while it stays open its variables are as shared as any. A program with a statically
# linked C++ library has operators new of its own.
source "$(dirname "${BASH_SOURCE[0]}")/../support/shell.sh"
cat >library.c <<'EOF'
int counters[1000];
void count(void) { for (int i = 0; i < 1000; i++) counters[i]++; }
EOF
cat >program.c <<'EOF'
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
__attribute__((disable_sanitizer_instrumentation)) static int step(int add) {
  static int value;
  return __atomic_add_fetch(&value, add, __ATOMIC_SEQ_CST);
}
static void *first_address;
static void run(int order, int close_it) {
  while (step(0) != order) {}
  void *library = dlopen("./libcount.so", RTLD_NOW);
  void (*count)(void) = (void (*)(void))dlsym(library, "count");
  count();
  if (order == 1 && dlsym(library, "counters") != __atomic_load_n(&first_address, __ATOMIC_RELAXED))
    puts("elsewhere");
  __atomic_store_n(&first_address, dlsym(library, "counters"), __ATOMIC_RELAXED);
  if (close_it) dlclose(library);
  step(1);
}
static int close_it;
static void *second(void *unused) { run(1, close_it); return unused; }
int main(int count, char **values) {
  (void)values;
  close_it = count == 1;
  pthread_t thread;
  pthread_create(&thread, 0, second, 0);
  run(0, close_it);
  pthread_join(thread, 0);
  return 0;
}
EOF
expect_ok "$CC" -O1 -g -fPIC -shared library.c -o libcount.so
expect_ok "$CC" -O1 -g program.c -o program
expect_ok ./program
expect_silent
expect_race ./program stays-open

cat >allocates.cpp <<'EOF'
#include <cstdio>
#include <limits>
#include <new>
#include <vector>
struct alignas(256) Wide { char bytes[256]; };
int main() {
  std::vector<int> numbers(1000);
  Wide* wide = new Wide;
  if (reinterpret_cast<unsigned long>(wide) % 256 != 0) return 1;
  delete wide;
  volatile size_t too_many = std::numeric_limits<long>::max() / 2;
  if (new (std::nothrow) char[too_many] != nullptr) return 2;
  try { delete[] new char[too_many]; } catch (const std::bad_alloc&) { std::puts("caught"); }
}
EOF
for kind in -static-libstdc++ -shared-libgcc; do
  expect_ok "$CXX" -O0 $kind allocates.cpp -o allocates
  expect_ok ./allocates
  expect_stdout caught
done
