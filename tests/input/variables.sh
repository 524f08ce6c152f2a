#!/usr/bin/env bash
# Which variable a race is on, by debug information of every origin: versions of DWARF, compilers, none at
# all, stripped, compressed, split off; and broken: the report stays, the name goes.
source "$(dirname "${BASH_SOURCE[0]}")/../support/shell.sh"

cat >race.cpp <<'EOF'
#include <pthread.h>
struct Pair { int first; struct { long low, high; } second[3]; };
Pair table[4];
__attribute__((noinline)) static void touch(Pair* pair) { pair[1].second[2].high = 5; }
static void* run(void* local) {
  table[2].second[1].low++;
  touch((Pair*)local);
  return nullptr;
}
int main() {
  Pair pairs[2];
  pthread_t a, b;
  pthread_create(&a, nullptr, run, pairs);
  pthread_create(&b, nullptr, run, pairs);
  pthread_join(a, nullptr);
  pthread_join(b, nullptr);
  return 0;
}
EOF
global=", variable 'table[2].second[1].low' ($PWD/race.cpp:3)"
local=", variable 'pairs[1].second[2].high' of main() ($PWD/race.cpp:11)"
expect_variables() {  # PROGRAM
  expect_race "$1"
  expect_stderr "$global"
  expect_stderr "$local"
}
expect_no_variables() {  # PROGRAM
  expect_race "$1"
  expect_stderr "Location is stack of main thread."
  expect_no_stderr ", variable"
}

for version in 4 5; do
  for level in -O0 -O2; do
    for compiler in clang++-19 clang++-14; do
      command -v $compiler >/dev/null || continue
      expect_ok "$CXX" --hindsight-clang=$compiler $level -gdwarf-$version race.cpp -o race
      expect_variables ./race
    done
    command -v g++ >/dev/null || continue
    expect_ok g++ $level -gdwarf-$version -fsanitize=thread -fPIE -c race.cpp -o gcc.o
    expect_ok "$CXX" gcc.o -o race
    expect_variables ./race
  done
done

# By lld, as a shared library, by the optimiser of the whole program.
expect_ok "$CXX" -g -O1 -fuse-ld=lld-19 race.cpp -o race
expect_variables ./race
sed 's/int main()/extern "C" int mainOfLibrary()/' race.cpp >library.cpp
echo 'extern "C" int mainOfLibrary(); int main() { return -mainOfLibrary(); }' >main.cpp
# The main thread is in pthread_create, in pthread_join or on its way: it calls the library by a procedure
# linkage table of either form, or by the global offset table.
expect_ok "$CXX" -g -O1 -shared -fPIC library.cpp -o liblibrary.so
for options in "" -fno-plt "-fcf-protection -Wl,-z,now"; do
  expect_ok "$CXX" -O1 $options main.cpp -L. -llibrary -Wl,-rpath,"$PWD" -o race
  for round in 1 2 3 4; do
    expect_race ./race
    expect_stderr ", variable 'table[2].second[1].low' ($PWD/library.cpp:3)"
    expect_stderr ", variable 'pairs[1].second[2].high' of mainOfLibrary() ($PWD/library.cpp:11)"
  done
done
expect_ok "$CXX" -g -O1 -flto -fuse-ld=lld-19 race.cpp -o race
expect_variables ./race

# Nothing to read, or nothing that is read.
expect_ok "$CXX" -O1 race.cpp -o race
expect_no_variables ./race
expect_stderr "bytes into 'table'."
expect_ok "$CXX" -g1 -O1 race.cpp -o race
expect_no_variables ./race
expect_ok "$CXX" -g -O1 race.cpp -o whole
for option in --strip-debug --strip-all; do
  expect_ok strip $option whole -o race
  expect_no_variables ./race
done
expect_ok "$CXX" -g -gz -O1 race.cpp -o race
expect_no_variables ./race
expect_ok "$CXX" -g -gsplit-dwarf -O1 race.cpp -o race
expect_no_variables ./race
expect_ok objcopy --remove-section=.debug_abbrev whole race
expect_no_variables ./race

# Broken sections: the race is reported all the same. Bytes are overwritten at places that differ from run to
# run of this loop and not from run to run of the test; then sections end too early.
sections=$(readelf -SW whole | grep -oE '\.debug_[a-z_]+')
[ "$(wc -w <<<"$sections")" -ge 5 ] || fail "no debug sections: $sections"
for section in $sections; do
  expect_ok objcopy --dump-section "$section=section" whole unused
  size=$(stat -c %s section)
  for round in 1 2 3; do
    cp section broken
    for part in 1 2 3 4 5 6 7 8; do
      printf "\\x$(printf %x $(((round * 83 + part * 37) % 256)))" |
        dd of=broken bs=1 seek=$((size * (part * 3 + round) / 32)) conv=notrunc status=none
    done
    expect_ok objcopy --update-section "$section=broken" whole race
    expect_race ./race
  done
  for size in 0 1 7 $((size / 3)) $((size - 1)); do
    head -c "$size" section >broken
    expect_ok objcopy --update-section "$section=broken" whole race
    expect_race ./race
  done
done
