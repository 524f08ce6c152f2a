#!/usr/bin/env bash
# Which Clang is driven: --hindsight-clang, then HINDSIGHT_CC/HINDSIGHT_CXX, then the default.
source "$(dirname "${BASH_SOURCE[0]}")/../support/shell.sh"
write_programs
for major in 14 15 16 17 18 19 20; do
  [ -e "$HINDSIGHT_BUILD/lib/HindsightPass-$major.so" ] && command -v clang-$major >/dev/null || continue
  echo "-- Clang $major"
  expect_ok env HINDSIGHT_CC=clang-$major "$CC" -g race.c -o race
  expect_race ./race
  expect_ok env HINDSIGHT_CXX=clang++-$major "$CXX" -g race.cpp -o race
  expect_race ./race
  # The C name serves for C++, and the other way round.
  echo 'int main() { return *new int(0); }' >new.cpp
  expect_ok env HINDSIGHT_CC=clang-$major "$CXX" new.cpp -o new
  expect_ok ./new
  expect_ok "$CC" --hindsight-clang=clang++-$major -c race.c
  expect_ok env HINDSIGHT_CC="$(command -v clang-$major)" "$CC" --version
  expect_stdout "clang version $major"
done

expect_exit 2 env HINDSIGHT_CC=no-such-clang "$CC" -c race.c
expect_stderr "no-such-clang"
expect_exit 2 "$CC" --hindsight-clang="$CC" -c race.c
expect_stderr "real Clang"
if command -v gcc >/dev/null; then
  expect_exit 2 "$CC" --hindsight-clang=gcc -c race.c
  expect_stderr "is not Clang"
fi

# One that has to be asked for its version answers whatever is open here.
printf '#!/bin/sh\nexec "%s" "$@"\n' "$(command -v clang-19 || command -v clang-14)" >clang-script; chmod +x clang-script
expect_ok env HINDSIGHT_CC=./clang-script bash -c 'exec "$@" <&- >&-' bash "$CC" -c race.c

# A Clang for which there is no plugin: says which versions there are.
printf '#!/bin/sh\necho "clang version 13.0.1"\n' >clang-old; chmod +x clang-old
expect_exit 2 env HINDSIGHT_CC=./clang-old "$CC" -c race.c
expect_stderr "is Clang 13"
expect_stderr "llvm-13-dev"
expect_exit 2 env PATH=/nonexistent HINDSIGHT_CC=clang-19 "$CC" -c race.c
