#!/usr/bin/env bash
# No room for the shadow: said, with the cure, instead of a crash.
source "$(dirname "${BASH_SOURCE[0]}")/../support/shell.sh"
write_programs
expect_ok "$CC" -g race.c -o race
expect_ok "$CC" -g fixed.c -o fixed
run bash -c "ulimit -v 8000000; exec ./race"
[ $status -ne 0 ] && [ $status -lt 128 ] || fail "exit status $status"
expect_stderr "ulimit -v"
# Without randomisation, and with a stack as large as it gets.
expect_race setarch -R ./race
expect_ok setarch -R ./fixed
run bash -c "ulimit -s unlimited; exec ./fixed"
[ $status -eq 0 ] || fail "unlimited stack: exit status $status"
expect_ok env -i ./fixed
expect_silent
