# shell.sh - what the shell tests share; sourced, not run.
#
# A test is a bash script that sources this file and calls the functions below. The first
# expectation that is not met says so and ends the test with status 1. Each test has a scratch
# folder of its own, which is its working directory.
#
# Environment: HINDSIGHT_BIN the wrappers, HINDSIGHT_BUILD the build tree, HINDSIGHT_SOURCE the
# sources. Defaults: build/ of this repository.
set -uo pipefail

HINDSIGHT_SOURCE=${HINDSIGHT_SOURCE:-$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)}
HINDSIGHT_BUILD=${HINDSIGHT_BUILD:-$HINDSIGHT_SOURCE/build}
HINDSIGHT_BIN=${HINDSIGHT_BIN:-$HINDSIGHT_BUILD/bin}
CC=$HINDSIGHT_BIN/hindsight-clang
CXX=$HINDSIGHT_BIN/hindsight-clang++
kRaceExit=66
unset HINDSIGHT CFLAGS CXXFLAGS LDFLAGS CPPFLAGS MAKEFLAGS

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch" || exit 1

fail() {  # MESSAGE
  echo "FAIL: $1"
  [ -s "$scratch/.out" ] && sed 's/^/  stdout | /' "$scratch/.out" | head -40
  [ -s "$scratch/.err" ] && sed 's/^/  stderr | /' "$scratch/.err" | head -40
  exit 1
}

skip() {  # REASON
  echo "SKIP: $1"
  exit 77
}

run() {  # COMMAND... - keeps its streams in .out and .err and its status in $status
  echo "+ $*"
  "$@" >"$scratch/.out" 2>"$scratch/.err" </dev/null
  status=$?
}

expect_exit() {  # STATUS COMMAND...
  local expected=$1; shift
  run "$@"
  [ "$status" -eq "$expected" ] || fail "exit status $status instead of $expected: $*"
}

expect_ok() { expect_exit 0 "$@"; }
expect_race() {  # COMMAND... - reports at least one race
  expect_exit $kRaceExit "$@"
  expect_stderr "WARNING: DATA RACE"
}

expect_stdout() { grep -qF -- "$1" "$scratch/.out" || fail "stdout lacks '$1'"; }
expect_stderr() { grep -qF -- "$1" "$scratch/.err" || fail "stderr lacks '$1'"; }
expect_no_stdout() { ! grep -qF -- "$1" "$scratch/.out" || fail "stdout has '$1'"; }
expect_no_stderr() { ! grep -qF -- "$1" "$scratch/.err" || fail "stderr has '$1'"; }
expect_silent() { [ ! -s "$scratch/.err" ] || fail "stderr is not empty"; }
expect_file() { [ -e "$1" ] || fail "no file $1"; }

# Is the code in object or program FILE instrumented?
is_instrumented() { grep -q "__hindsight_\(tls\|read\|write\)" <(nm "$1"); }
expect_instrumented() { is_instrumented "$1" || fail "$1 is not instrumented"; }
expect_plain() { ! is_instrumented "$1" || fail "$1 is instrumented"; }
expect_runtime() { grep -q " [TtD] __hindsight_write4" <(nm "$1") || fail "$1 lacks the runtime"; }

# Writes race.c: two threads write `shared`, nothing orders them. fixed.c: they take turns.
write_programs() {
  cat >race.c <<'EOF'
#include <pthread.h>
#include <stdio.h>
int shared;
static void *add(void *unused) { ++shared; return unused; }
int main(void) {
  pthread_t thread;
  pthread_create(&thread, 0, add, 0);
  ++shared;
  pthread_join(thread, 0);
  puts("done");
  return 0;
}
EOF
  sed -e 's/^  ++shared;//' -e 's/^  puts/  ++shared; puts/' race.c >fixed.c
  cp race.c race.cpp
  cp fixed.c fixed.cpp
}
