#!/usr/bin/env bash
# `hindsight flags` gives a build system what the wrappers do, for the compiler itself.
source "$(dirname "${BASH_SOURCE[0]}")/../support/shell.sh"
write_programs
hindsight=$HINDSIGHT_BIN/hindsight
clang=$("$CC" --hindsight-dry-run -dumpversion | cut -d' ' -f1)
compile=$("$hindsight" flags compile --lang=c) || fail "flags compile"
link=$("$hindsight" flags link) || fail "flags link"
expect_ok eval "$clang $compile -Werror -g -c race.c -o race.o"
expect_silent
expect_ok eval "$clang race.o -o race $link"
expect_race ./race
# As CFLAGS and LDFLAGS: the compile flags are there when linking, too.
expect_ok eval "$clang $compile -g race.c -o race $link"
expect_race ./race
expect_ok eval "$clang $compile -g race.c -o race $("$hindsight" flags link --shared-runtime)"
expect_race ./race
expect_ok "$hindsight" flags compile --clang="$clang"
expect_ok "$hindsight" flags link --library

expect_exit 2 "$hindsight"
expect_exit 2 "$hindsight" flags
expect_exit 2 "$hindsight" flags bake
expect_stderr bake
expect_exit 2 "$hindsight" flags compile --lang=rust
expect_exit 2 "$hindsight" no-such-command
expect_exit 1 "$hindsight" flags compile --clang=no-such-clang
expect_ok "$hindsight" --help
expect_stdout doctor
