#!/usr/bin/env bash
# Checks that no race is lost and none invented, by counting.
#
#   run.sh [--detector hindsight|tsan] [--rounds N] [--variables N] [--processes N] [--cases RE]
#
# Per case (races.cpp), two or nine threads race on each of --variables fresh variables of one
# process, --rounds times: every variable must be reported, and none where the accesses only touch.
# Then --processes processes with one trivial race each: as many reports.
# The measures of the project: --rounds 3 --variables 20000 --processes 10000 (the default).
#
# Exit status: 0 exact; 1 something was lost, invented or failed; 2 wrong usage. With
# --detector tsan the figures are for comparison and misses do not fail.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
build=${HINDSIGHT_BUILD_DIR:-$here/../../../build}
clang=${HINDSIGHT_CLANGXX:-clang++-19}
detector=hindsight rounds=3 variables=20000 processes=10000 cases=.

usage() {
  sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}"
  exit "$1"
}
while (($# > 0)); do
  case $1 in
    --help) usage 0 ;;
    --detector | --rounds | --variables | --processes | --cases)
      [[ $# -ge 2 ]] || { echo "run.sh: $1 needs a value" >&2; exit 2; }
      declare "${1#--}=$2"
      shift 2
      ;;
    *) echo "run.sh: unknown option $1" >&2; usage 2 >&2 ;;
  esac
done
for number in rounds variables processes; do
  [[ ${!number} =~ ^[0-9]+$ ]] || { echo "run.sh: --$number needs a number" >&2; exit 2; }
done

case $detector in
  hindsight)
    instrument=("$build/bin/hindsight-clang++") link=("${instrument[@]}")
    warning="WARNING: DATA RACE"
    export HINDSIGHT=""
    ;;
  tsan)
    instrument=("$clang" -fsanitize=thread) link=("${instrument[@]}")
    warning="WARNING: ThreadSanitizer: data race"
    export TSAN_OPTIONS="suppress_equal_stacks=0:suppress_equal_addresses=0:symbolize=0"
    ;;
  *) echo "run.sh: unknown detector $detector" >&2; exit 2 ;;
esac

work=$build/bench/exactness/$detector
mkdir -p "$work"
flags=(-std=c++20 -O2 -g -pthread -Wall)
"$clang" "${flags[@]}" -fPIE -c "$here/referee.cpp" -o "$work/referee.o"
"${instrument[@]}" "${flags[@]}" -c "$here/races.cpp" -o "$work/races.o"
"${link[@]}" "${flags[@]}" "$work/races.o" "$work/referee.o" -o "$work/races"
"${instrument[@]}" "${flags[@]}" "$here/trivial.cpp" -o "$work/trivial"

failures=0
fail() {
  failures=$((failures + 1))
  echo "  FAILED: $*"
}

pattern='^found ([0-9]+) of [0-9]+; ([0-9]+) reports, ([0-9]+) stray; started together ([0-9.]+)'

# Runs one case once and judges it: sets `found`, `together` and `problem` (empty if there is none).
run_case() {
  local name=$1 expected=$2 status=0 output
  output=$("$work/races" "$name" "$variables" 2>"$work/races.log") || status=$?
  if [[ ! $output =~ $pattern ]]; then
    found="-" together="-"
    problem="status $status, $(head -c 300 "$work/races.log")"
    return
  fi
  found=${BASH_REMATCH[1]} together=${BASH_REMATCH[4]} problem=
  local reports=${BASH_REMATCH[2]} stray=${BASH_REMATCH[3]}
  if ((expected == 0 && reports != 0)); then problem="$reports false reports"; fi
  if ((expected != 0 && found != variables)); then problem="$((variables - found)) races lost"; fi
  if ((stray != 0)); then problem="$stray reports at wrong addresses"; fi
  if ((expected != 0 && found != 0 && status != 66)); then problem="exit status $status, not 66"; fi
}

printf '%s: variables with a report, of %d (%d rounds)\n\n' "$detector" "$variables" "$rounds"
printf '%-22s %9s  %s\n' case expected "found per round (percentage of simultaneous starts)"
while read -r name per_cent; do
  [[ $name =~ $cases ]] || continue
  printf '%-22s %9d ' "$name" $((variables * per_cent / 100))
  problems=()
  for ((round = 1; round <= rounds; ++round)); do
    run_case "$name" "$per_cent"
    printf ' %7s (%5s)' "$found" "$together"
    [[ -z $problem ]] || problems+=("round $round: $problem")
  done
  echo
  for problem in "${problems[@]}"; do fail "$problem"; done
done < <("$work/races" --list)

if ((processes > 0)); then
  reported=0
  for ((i = 0; i < processes; ++i)); do
    status=0
    output=$("$work/trivial" 2>&1) || status=$?
    if [[ $status -eq 66 && $output == *"$warning"* ]]; then reported=$((reported + 1)); fi
  done
  printf '\n%-22s %9d  %7d\n' "trivial (processes)" "$processes" "$reported"
  ((reported == processes)) || fail "$((processes - reported)) processes without a report"
fi

if ((failures > 0)); then
  printf '\n%d failures\n' "$failures"
  [[ $detector == tsan ]] || exit 1
else
  printf '\nexact\n'
fi
