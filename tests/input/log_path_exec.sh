#!/usr/bin/env bash
# log_path: a program that reports, becomes another by exec and reports again leaves both reports in the file of its
# process id. The file of an older process with that id begins anew.
source "$(dirname "${BASH_SOURCE[0]}")/../support/shell.sh"
cat >twice.c <<'END'
#include <pthread.h>
#include <stdio.h>
#include <sys/time.h>
#include <unistd.h>
int shared_before, shared_behind;
static void *add(void *place) { ++*(int *)place; return 0; }
static void race(int *place) {
  pthread_t thread;
  pthread_create(&thread, 0, add, place);
  ++*place;
  pthread_join(thread, 0);
}
int main(int count, char **values) {
  if (count == 1) {
    char stale[64];
    snprintf(stale, sizeof stale, "log.%d", getpid());
    FILE *file = fopen(stale, "w");
    fputs("of long ago\n", file);
    fclose(file);
    const struct timeval then[2] = {{1000000000, 0}, {1000000000, 0}};
    if (utimes(stale, then) != 0) return 1;
    race(&shared_before);
    execl(values[0], values[0], "again", (char *)0);
    return 1;
  }
  race(&shared_behind);
  return 0;
}
END
expect_ok "$CC" -g twice.c -o twice
expect_exit $kRaceExit env HINDSIGHT=log_path=log ./twice
expect_silent
[ "$(ls log.* | wc -l)" -eq 1 ] || fail "$(ls log.*)"
for text in shared_before shared_behind; do
  grep -q "$text" log.* || fail "the log lacks $text: $(cat log.*)"
done
grep -q "of long ago" log.* && fail "an older process's log was kept"
exit 0
