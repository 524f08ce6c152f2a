#!/usr/bin/env bash
# A library without instrumentation races through the C library's functions: the report says that it is
# not instrumented; ignore_lib and called_from_lib leave its calls out, and nothing else.
source "$(dirname "${BASH_SOURCE[0]}")/../support/shell.sh"
cat >library.c <<'EOF'
#include <stdlib.h>
#include <string.h>
void fill(char *to, char byte) { memset(to, byte, 64); }
void sort(int *from, size_t count, int (*compare)(const void *, const void *)) {
  qsort(from, count, sizeof *from, compare);
}
void drop(void *block) { free(block); }
EOF
cat >program.c <<'EOF'
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
void fill(char *to, char byte);
void sort(int *from, size_t count, int (*compare)(const void *, const void *));
void drop(void *block);
char buffer[64];
int compared;
static int less(const void *a, const void *b) {
  ++compared;
  return *(const int *)a - *(const int *)b;
}
static void *run(void *unused) {
  fill(buffer, 1);
#ifdef SORTED
  int own[4] = {4, 3, 2, 1};
  sort(own, 4, less);
#endif
#ifdef ITSELF
  memset(buffer, 2, sizeof buffer);
#endif
  return unused;
}
int main(void) {
  pthread_t threads[2];
  (void)less;
  for (int i = 0; i < 2; ++i) pthread_create(&threads[i], 0, run, 0);
  for (int i = 0; i < 2; ++i) pthread_join(threads[i], 0);
  drop(malloc(16));
  return 0;
}
EOF
expect_ok "$CC" -fno-sanitize=thread -g -O1 -fno-builtin -fno-optimize-sibling-calls -fPIC -shared library.c -o libplain.so
expect_ok "$CC" -g program.c -o program -L. -lplain -Wl,-rpath,.
expect_race ./program
expect_stderr "fill()"
expect_stderr "Not instrumented: ./libplain.so; its own accesses and atomics are not seen."

expect_exit $kRaceExit env HINDSIGHT="log_format=json" ./program
expect_stderr '"uninstrumented":true'

# Both ways to leave them out, and patterns that do not match.
expect_ok env HINDSIGHT="ignore_lib=libplain" ./program
expect_silent
expect_ok env HINDSIGHT="ignore_lib=libother:^./libpl*n.so$" ./program
expect_race env HINDSIGHT="ignore_lib=libother:^libplain" ./program
echo 'called_from_lib:libplain.so' >list
expect_ok env HINDSIGHT="suppressions=list" ./program

# What instrumented code does is checked: its own call, and its comparator when the library calls qsort.
expect_ok "$CC" -g -DITSELF program.c -o program -L. -lplain -Wl,-rpath,.
expect_race env HINDSIGHT="ignore_lib=libplain" ./program
expect_no_stderr "Not instrumented"
expect_ok "$CC" -g -DSORTED program.c -o program -L. -lplain -Wl,-rpath,.
expect_race env HINDSIGHT="ignore_lib=libplain" ./program
expect_stderr "less()"
expect_stderr "Not instrumented: ./libplain.so"

# A library that is instrumented is not named, nor is the C library.
expect_ok "$CC" -g -O1 -fno-builtin -fno-optimize-sibling-calls -fPIC -shared library.c -o libplain.so
expect_race ./program
expect_stderr "fill()"
expect_no_stderr "Not instrumented"
