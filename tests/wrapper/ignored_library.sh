#!/usr/bin/env bash
# A library without instrumentation races through the C library's functions: the report says that it is
# not instrumented; ignore_lib and called_from_lib leave its calls out, and nothing else. Its own mutexes do not race.
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

# A library passes its own mutexes on by atomics, which are not seen unless it is instrumented: that it destroys
# or initialises them is then nobody's race.
cat >library.c <<'EOF'
#include <pthread.h>
#include <sched.h>
static pthread_mutex_t mutex;
static pthread_cond_t condition;
static int turn;
void give(void) {
  pthread_mutex_init(&mutex, 0);
  pthread_cond_init(&condition, 0);
  pthread_mutex_lock(&mutex);
  pthread_mutex_unlock(&mutex);
  pthread_cond_signal(&condition);
  __atomic_store_n(&turn, 1, ORDER);
}
void take(void) {
  while (!__atomic_load_n(&turn, __ATOMIC_ACQUIRE)) sched_yield();
  pthread_mutex_destroy(&mutex);
  pthread_cond_destroy(&condition);
}
EOF
cat >program.c <<'EOF'
#include <pthread.h>
void give(void);
void take(void);
static void *run(void *unused) { give(); return unused; }
int main(void) {
  pthread_t thread;
  pthread_create(&thread, 0, run, 0);
  take();
  pthread_join(thread, 0);
  return 0;
}
EOF
library=(-g -O1 -fno-optimize-sibling-calls -fPIC -shared library.c -o libplain.so)
expect_ok "$CC" -fno-sanitize=thread -DORDER=__ATOMIC_RELEASE "${library[@]}"
expect_ok "$CC" -g program.c -o program -L. -lplain -Wl,-rpath,.
expect_ok ./program
expect_silent
expect_ok "$CC" -DORDER=__ATOMIC_RELEASE "${library[@]}"
expect_ok ./program
expect_silent
expect_ok "$CC" -DORDER=__ATOMIC_RELAXED "${library[@]}"
expect_exit $kRaceExit ./program
expect_stderr "DESTROY OF A MUTEX RACES WITH ITS UNLOCK"
expect_stderr "WARNING: DATA RACE"
expect_stderr "give()"
