#!/usr/bin/env bash
# run.sh [--few] [-O0 -O2 ...] [FILE...] - the test programs, compiled for AArch64 and run under qemu-aarch64.
#
# Without files: all of tests/programs/ (about 7 minutes a level on two processors), or with --few a handful
# that shows each of the processor's own parts. At -O0 and -O2, unless levels are named. Programs that
# qemu cannot run are listed in not_under_qemu.txt, with reasons.
#
# Ends with a line of counts. Exit status: 0 none fails, 1 some do, 77 something to run them with is missing.
set -uo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/environment.sh"
[ -z "$skip" ] || { echo "SKIP: $skip"; exit 77; }
programs=$sources/tests/programs

few=(racy/access_width.cpp clean/access_width.cpp       # inline checks, cold calls, reports
     racy/access_merged_parts.cpp                       # marks in the code
     racy/access_thread_local.cpp                       # the block of thread-local variables
     racy/atomic_16_bytes.cpp clean/atomic_16_bytes.cpp
     racy/libc_printf_string.cpp                        # va_list
     clean/sync_mutex_contended.cpp
     racy/fiber_ucontext_link.cpp clean/fiber_boost_moves.cpp
     racy/signal_unsafe_malloc.c)

levels=() files=()
for argument in "$@"; do
  case $argument in
    --few) for name in "${few[@]}"; do files+=("$programs/$name"); done ;;
    -O*) levels+=("$argument") ;;
    *) files+=("$argument") ;;
  esac
done
[ ${#levels[@]} -gt 0 ] || levels=(-O0 -O2)
[ ${#files[@]} -gt 0 ] || files=("$programs"/racy/*.c "$programs"/racy/*.cpp "$programs"/clean/*.c "$programs"/clean/*.cpp)

export levels_of_all="${levels[*]}" programs
run_one() {  # FILE
  local output status
  # shellcheck disable=SC2086  # a list
  output=$("$programs/run_program.sh" "$1" $levels_of_all 2>&1)
  status=$?
  case $status in
    0) echo "PASS $1" ;;
    77) echo "SKIP $1: ${output#*: }" ;;
    *) printf 'FAIL %s\n%s\n' "$1" "$(sed 's/^/  /' <<<"$output")" ;;
  esac
}
export -f run_one

results=$(mktemp); trap 'rm -f "$results"' EXIT
for file in "${files[@]}"; do
  name=$(basename "$(dirname "$(realpath "$file")")")/$(basename "$file")
  reason=$(awk -v name="$name" '$1 == name { $1 = ""; print }' "$here/not_under_qemu.txt")
  if [ -n "$reason" ]; then echo "SKIP $file:$reason" | tee -a "$results" >&2; else printf '%s\0' "$file"; fi
done | xargs -0 -P 2 -I{} bash -c 'run_one "$1"' _ {} | tee -a "$results"

count() { grep -c "^$1 " "$results"; }
echo "$(count PASS) pass, $(count FAIL) fail, $(count SKIP) skipped (${levels[*]})"
[ "$(count FAIL)" -eq 0 ] && [ "$(count PASS)" -gt 0 ]
