#!/usr/bin/env bash
# Where reports go, and what happens if that does not work: never the program's trouble.
source "$(dirname "${BASH_SOURCE[0]}")/../support/shell.sh"
write_programs
expect_ok "$CC" -g race.c -o race

expect_exit 66 env HINDSIGHT="log_path=$scratch/log" ./race
expect_silent
[ "$(ls log.* | wc -l)" -eq 1 ] || fail "not one log file per process"
grep -q "WARNING: DATA RACE" log.* || fail "no report in the log"
grep -q "^Found 1 data race(s)" log.* || fail "no summary in the log"
expect_exit 66 env HINDSIGHT="log_path=stdout" ./race
expect_stdout "WARNING: DATA RACE"

# Not writable: says so once, on stderr, and reports there.
expect_exit 66 env HINDSIGHT="log_path=/no/such/folder/log" ./race
expect_stderr "/no/such/folder/log"
expect_stderr "WARNING: DATA RACE"
expect_stdout "done"

# Full disk.
if [ -w /dev/full ]; then
  echo "+ ./race 2>/dev/full"
  ./race >.out 2>/dev/full; status=$?
  [ $status -eq 66 ] || fail "full disk: exit status $status"
  expect_stdout "done"
fi

# Closed stderr: the report must not end up in a file that the program opens next.
cat >opens.c <<'EOF'
#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>
int shared;
static void *add(void *unused) { ++shared; return unused; }
int main(void) {
  int file = open("data", O_CREAT | O_TRUNC | O_WRONLY, 0600);
  pthread_t thread;
  pthread_create(&thread, 0, add, 0);
  ++shared;
  pthread_join(thread, 0);
  return write(file, "data\n", 5) == 5 ? file : 99;
}
EOF
expect_ok "$CC" -g opens.c -o opens
for closed in '2>&-' '>&- 2>&-' '<&- >&- 2>&-'; do
  echo "+ ./opens $closed"
  eval "./opens $closed"; status=$?
  [ $status -eq 66 ] || fail "closed stderr ($closed): exit status $status"
  [ "$(cat data)" = data ] || fail "closed stderr ($closed): the report is in the program's file"
done
