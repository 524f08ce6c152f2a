#!/usr/bin/env bash
# OpenMP programs link and are checked whichever way the runtime comes; a program without OpenMP needs no
# libomp; a library opened at run time brings its own; openmp=0 leaves OpenMP alone.
source "$(dirname "${BASH_SOURCE[0]}")/../support/shell.sh"

cat >sum.c <<'EOF'
#include <omp.h>
#include <stdio.h>
int sum, wrong;
int run(int racy) {
#pragma omp parallel for num_threads(3) reduction(+ : sum) schedule(dynamic)
  for (int i = 0; i < 100; ++i) sum += i;
#pragma omp parallel num_threads(3)
  for (int i = 0; i < 1000; ++i) {
    if (racy) {
      ++wrong;
    } else {
#pragma omp critical
      ++wrong;
    }
  }
  printf("%d\n", sum);
  return sum != 4950;
}
#ifdef WITH_MAIN
int main(int argc, char** argv) { return run(argc > 1); }
#endif
EOF
cp sum.c sum.cpp
clang=$("$CC" --hindsight-dry-run -dumpversion | cut -d' ' -f1)
"$clang" -fopenmp -DWITH_MAIN sum.c -o plain 2>/dev/null || skip "no libomp"

check() {  # PROGRAM
  expect_ok "$1"
  expect_stdout 4950
  expect_silent
  expect_race "$1" racy
}

for flags in "" --hindsight-shared-runtime; do
  # shellcheck disable=SC2086  # none or one
  expect_ok "$CC" $flags -g -O1 -fopenmp -DWITH_MAIN sum.c -o c_program
  check ./c_program
  # shellcheck disable=SC2086
  expect_ok "$CXX" $flags -g -O1 -fopenmp -DWITH_MAIN sum.cpp -o cxx_program
  check ./cxx_program
done
expect_ok "$CC" -g -O1 -fopenmp -c -DWITH_MAIN sum.c -o sum.o
expect_ok "$CC" sum.o -Wl,--as-needed -fopenmp -o in_steps
check ./in_steps

# The library has OpenMP, the program has not.
cat >opens.c <<'EOF'
#include <dlfcn.h>
int main(int argc, char** argv) {
  (void)argv;
  void* library = dlopen("./libsum.so", RTLD_NOW | RTLD_LOCAL);
  int (*run)(int) = library ? (int (*)(int))dlsym(library, "run") : 0;
  return run ? run(argc > 1) : 7;
}
EOF
expect_ok "$CC" -g -O1 -fopenmp -fPIC -shared sum.c -o libsum.so
expect_ok "$CC" -g -O1 opens.c -o opens
grep -q libomp <(ldd ./opens) && fail "a program without OpenMP needs libomp"
check ./opens

# Without us, libomp looks for another tool; here is none but us.
HINDSIGHT=openmp=0 OMP_TOOL_LIBRARIES= ARCHER_OPTIONS=enable=0 expect_race ./c_program

# A tool of the program's own goes first.
cat >tool.c <<'EOF'
#include <stdio.h>
void* ompt_start_tool(unsigned version, const char* runtime) {
  (void)version, (void)runtime;
  puts("own tool");
  return 0;
}
EOF
expect_ok "$CC" -O1 -fopenmp -DWITH_MAIN sum.c tool.c -o with_tool
run ./with_tool
expect_stdout "own tool"
