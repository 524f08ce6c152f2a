#!/usr/bin/env bash
# What cannot be checked is refused before anything is built: exit status 2, naming the flag.
source "$(dirname "${BASH_SOURCE[0]}")/../support/shell.sh"
write_programs
refused() {  # FLAG-IN-MESSAGE ARGUMENTS...
  local flag=$1; shift
  expect_exit 2 "$CC" "$@"
  expect_stderr "hindsight-clang: error: "
  expect_stderr "$flag"
}
refused -static race.c -static -o x
refused -static-pie -static-pie race.c -o x
refused -no-pie race.c -no-pie
refused -no-pie -pie -no-pie race.c
refused -Wl,-no-pie race.c -Wl,-no-pie
refused -fno-pie -fno-pie -c race.c
refused -fno-PIC -fPIC -fno-PIC -c race.c
refused -m32 -m32 -c race.c
refused --target=riscv64-linux-gnu --target=riscv64-linux-gnu -c race.c
refused --target=aarch64-none-elf -target aarch64-none-elf -c race.c
for other in address memory hwaddress leak address,undefined; do
  refused "-fsanitize=${other%,*}" "-fsanitize=$other" -c race.c
done
[ ! -e x ] && [ ! -e a.out ] && [ ! -e race.o ] || fail "something was built all the same"
expect_exit 2 "$CXX" -static race.cpp
expect_stderr "hindsight-clang++: error: "

# A runtime that is not there is missed before the linker misses it.
mkdir -p moved/bin moved/lib
cp "$HINDSIGHT_BIN/hindsight-clang++" moved/bin/hindsight-clang
cp "$HINDSIGHT_BUILD"/lib/HindsightPass-19.so moved/lib/
expect_exit 2 moved/bin/hindsight-clang --target=aarch64-linux-gnu race.c -o x
expect_stderr tools/cross_aarch64.sh

# The last word counts, and steps that a flag does not concern accept it.
expect_ok "$CC" -no-pie -pie race.c -o x
expect_ok "$CC" -fno-pie -fPIE -c race.c
expect_ok "$CC" -static -c race.c
expect_ok "$CC" -no-pie -c race.c
expect_ok "$CC" -static -E race.c
expect_ok "$CC" -fno-pic -E race.c
expect_ok "$CC" -fsanitize=address -fno-sanitize=address -c race.c
expect_ok "$CXX" -static-libstdc++ -static-libgcc race.cpp -o x
expect_race ./x
expect_exit 2 "$CC" @<(echo "-static race.c")
expect_stderr "-static"
