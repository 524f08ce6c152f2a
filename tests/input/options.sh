#!/usr/bin/env bash
# Options in HINDSIGHT: a wrong one stops the program before main() with status 2, and is named.
source "$(dirname "${BASH_SOURCE[0]}")/../support/shell.sh"
write_programs
cat >says.c <<'EOF'
#include <stdio.h>
__attribute__((constructor)) static void early(void) { puts("constructor ran"); fflush(stdout); }
int main(void) { puts("main ran"); return 0; }
EOF
expect_ok "$CC" -g says.c -o says
expect_ok "$CC" -g race.c -o race
rejected() {  # OPTIONS NAMED
  expect_exit 2 env HINDSIGHT="$1" ./says
  expect_stderr "$2"
  expect_no_stdout "ran"
}
rejected "no_such_option=1" no_such_option
rejected "halt_on_error=1 colour=1" colour
rejected "exitcode=many" exitcode
rejected "exitcode=-1" exitcode
rejected "exitcode=70000" exitcode
rejected "exitcode=" exitcode
rejected "halt_on_error=perhaps" halt_on_error
rejected "halt_on_error" halt_on_error
rejected "history_size=99999999999999999999" history_size
rejected "suppressions=/no/such/file" suppressions
for empty in "" " " "   "; do
  expect_ok env HINDSIGHT="$empty" ./says
  expect_silent
done

expect_exit 0 env HINDSIGHT="exitcode=0" ./race
expect_stderr "WARNING: DATA RACE"
expect_exit 5 env HINDSIGHT=" exitcode=5   halt_on_error=1 " ./race
expect_no_stdout "done"
run env HINDSIGHT="help=1" ./says
for option in halt_on_error log_path exitcode strip_path_prefix history_size atexit_sleep_ms suppressions; do
  cat .out .err | grep -q "$option" || fail "help=1 does not explain $option"
done
