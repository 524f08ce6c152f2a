#!/usr/bin/env bash
# hindsight-clang --target=aarch64-linux-gnu: programs, libraries, both kinds of runtime, run by qemu.
source "$(dirname "${BASH_SOURCE[0]}")/../support/shell.sh"
source "$HINDSIGHT_SOURCE/tests/aarch64/environment.sh"
[ -z "$skip" ] || skip "$skip"
write_programs
read -ra emulator <<<"$HINDSIGHT_TEST_EMULATOR"
machine() { readelf -h "$1" | sed -n 's/ *Machine: *//p'; }

for spelling in --target=aarch64-linux-gnu --target=aarch64-unknown-linux-gnu "-target arm64-linux-gnu"; do
  # shellcheck disable=SC2086  # two words
  expect_ok "$CC" $spelling -g -O1 race.c -o race
  [ "$(machine race)" = AArch64 ] || fail "race is for $(machine race)"
  expect_race "${emulator[@]}" ./race
  expect_stderr "race.c:4 "
done
expect_ok "$CC" --target=$triple -g -O1 fixed.c -o fixed
expect_ok "${emulator[@]}" ./fixed
expect_silent
expect_ok "$CXX" --target=$triple -g race.cpp -o race
expect_race "${emulator[@]}" ./race

# In two steps, against the shared runtime.
expect_ok "$CC" --target=$triple --hindsight-shared-runtime -g -c race.c -o race.o
expect_ok "$CC" --target=$triple --hindsight-shared-runtime race.o -o race
grep -q 'NEEDED.*libhindsight.so' <(readelf -d race) || fail "the shared runtime is not linked"
expect_race "${emulator[@]}" ./race

# A library that the executable's runtime checks.
cat >library.c <<'EOF'
int shared;
void touch(void) { ++shared; }
EOF
cat >user.c <<'EOF'
#include <pthread.h>
void touch(void);
static void *thread(void *unused) { touch(); return unused; }
int main(void) {
  pthread_t other;
  pthread_create(&other, 0, thread, 0);
  touch();
  pthread_join(other, 0);
  return 0;
}
EOF
expect_ok "$CC" --target=$triple -g -fPIC -shared library.c -o library.so
expect_ok "$CC" --target=$triple -g user.c ./library.so -o user
expect_race "${emulator[@]}" ./user
expect_stderr "library.c:2 "

# Vectors of a length that only the machine knows have no inline check: loops get others.
cat >lanes.c <<'EOF'
void addWhereSet(int *restrict a, const int *restrict on, int n) {
  for (int i = 0; i < n; i++)
    if (on[i]) a[i] += 1;
}
EOF
expect_ok "$CC" --target=$triple -march=armv8.2-a+sve -O2 -S lanes.c -o lanes.s
grep -qE "whilelo|mul vl" lanes.s && fail "a scalable vector in lanes.s"
expect_ok clang-19 --target=$triple -march=armv8.2-a+sve -O2 -S lanes.c -o plain.s
grep -qE "whilelo|mul vl" plain.s || fail "no scalable vector without Hindsight either: the test is void"

# Pages of another size are refused.
expect_exit 2 qemu-aarch64 -p 65536 -L /usr/$triple ./fixed
expect_stderr "4 KiB"

# For build systems.
flags=$("$HINDSIGHT_BIN/hindsight" flags link --target $triple)
[[ $flags == *"/lib/$triple/libhindsight.a"* ]] || fail "hindsight flags: $flags"

# Another Clang, another processor.
expect_exit 2 "$CC" --target=riscv64-linux-gnu race.c
expect_stderr "--target=riscv64-linux-gnu"
if [ -e "$HINDSIGHT_BUILD/lib/HindsightPass-14.so" ] && command -v clang-14 >/dev/null; then
  expect_exit 2 env HINDSIGHT_CC=clang-14 "$CC" --target=$triple -c race.c
  expect_stderr "Clang 17"
fi
