#!/usr/bin/env bash
# run.sh [--full] [NAME...] - programs that are large in one respect: what is found in them, and what they cost.
#
# Each file here says what its program does and takes. Without --full the counts are those that the tests have
# time for; with it, those of docs/limits.md. Prints one line of figures for each.
#
# Exit status: 0 as expected, 1 a race is missed or invented or the program fails, 77 not possible here.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
build=${HINDSIGHT_BUILD_DIR:-$here/../../build}
work=$build/scale
mkdir -p "$work"
full=0; if [ "${1:-}" = --full ]; then full=1; shift; fi

# NAME, races, options, arguments, arguments of --full
cases=(
  "live_threads|3||8000|8000"
  "short_threads|0||50000|1000000"
  "short_threads|0||20000 detached|1000000 detached"
  "unordered_threads|2||13000|100000"
  "many_releases|2|stamp_chunks=64|10000000|300000000"
  "many_releases|2||1000000|300000000"
  "sparse_memory|1||100|100"
)
failed=0
for case in "${cases[@]}"; do
  IFS='|' read -r name races options arguments full_arguments <<<"$case"
  if [ $# -gt 0 ] && [[ " $* " != *" $name "* ]]; then continue; fi
  if [ $full -eq 1 ]; then arguments=$full_arguments; fi
  "$build/bin/hindsight-clang" -O2 -g -pthread -Wall -Wextra "$here/$name.c" -o "$work/$name"
  status=0
  # shellcheck disable=SC2086  # arguments are a list
  HINDSIGHT="$options" "$work/$name" $arguments >"$work/$name.out" 2>"$work/$name.err" || status=$?
  if [ $status -eq 77 ]; then cat "$work/$name.out"; exit 77; fi
  cat "$work/$name.out"
  found=$(grep -c '^WARNING: DATA RACE' "$work/$name.err" || true)
  expected=$((races > 0 ? 66 : 0))
  if [ "$found" -ne "$races" ] || [ $status -ne $expected ]; then
    echo "FAIL $name: $found races, expected $races; exit status $status, expected $expected"
    head -60 "$work/$name.err"
    failed=1
  fi
done
exit $failed
