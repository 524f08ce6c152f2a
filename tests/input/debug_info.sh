#!/usr/bin/env bash
# Without debug information: functions from the symbol table, then module and offset; a hint, once.
source "$(dirname "${BASH_SOURCE[0]}")/../support/shell.sh"
write_programs
expect_ok "$CC" -g -O1 race.c -o race
expect_race ./race
expect_stderr "race.c:4"
expect_stderr "add"
expect_ok "$CC" -O1 race.c -o race
expect_race ./race
expect_stderr "add"
hints=$(grep -c -- "-g" .err)
[ "$hints" -le 1 ] || fail "$hints hints"
expect_ok "$CC" -O1 race.c -o stripped
expect_ok strip stripped
expect_race ./stripped
grep -q "stripped.*+0x" .err || fail "no module and offset"
[ "$(grep -c -- "-g" .err)" -eq 1 ] || fail "not one hint about -g"
