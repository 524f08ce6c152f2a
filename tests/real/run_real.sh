#!/bin/bash
# run_real.sh - compiles one program with a Hindsight wrapper, runs it and judges its reports.
#
# Usage: run_real.sh COMPILER SOURCE EXPECTED FOLDER [COMPILER ARGUMENTS...]
#
# Each report becomes one line, "kind place | kind place" with the two sides sorted, where a place
# is file:line of the innermost frame in the library: outside the C++ standard library and, where
# there is such a frame, outside SOURCE. EXPECTED holds one extended regular expression per line,
# '#' starts a comment. A report that none of them matches fails the test. An expression with a
# leading '+' must match: the program is run up to ten times until it does.
# A program that reports must exit with 66, one that does not with 0.
#
# Exit status: 0 as expected, 77 the library is not installed, anything else a failure.

set -u -o pipefail

readonly time_limit_seconds=120
readonly most_runs=10
readonly compiler=$1 source=$2 expected=$3 folder=$4
shift 4
readonly program=$folder/$(basename "$expected" .txt)
readonly log=$program.log

fail() {
  echo "FAILED: $*"
  exit 1
}

# One line per report of a log in Go's layout.
summarise() {
  awk -v program="$(basename "$source"):" '
    function finish_side() {
      if (place == "") place = first
      if (side != "") sides[++side_count] = side " " place
      side = place = first = ""
    }
    function finish_report() {
      finish_side()
      if (side_count == 2) {
        low = sides[1]; high = sides[2]
        if (low > high) { low = sides[2]; high = sides[1] }
        print low " | " high
      } else if (side_count > 0) {
        print "unreadable report: " sides[1]
      }
      side_count = 0
    }
    /^==================$/ { finish_report(); next }
    /^(Previous )?[A-Za-z ]+ at 0x/ {
      finish_side()
      side = $0
      sub(/^Previous /, "", side)
      sub(/ at 0x.*/, "", side)
      side = tolower(side)
      next
    }
    /^$/ { finish_side(); next }
    side != "" && /^  \[failed to restore/ { place = "(stack lost)" }
    side != "" && /^      / {
      path = $1
      name = path
      sub(/.*\//, "", name)
      if (path ~ /\/c\+\+\//) next
      if (first == "") first = name
      if (place == "" && index(name, program) != 1) place = name
    }
    END { finish_report() }
  ' "$1" | sort
}

# The patterns of $expected without marks.
patterns() {
  grep -v -e '^ *#' -e '^ *$' "$expected" | sed 's/^+//'
}

readonly language=$([[ $source == *.c ]] && echo c || echo c++)
readonly probe='#if !__has_include(\1)\n#error \1 is missing\n#endif'
absent=$(sed -n "s/^#include \\(<[^>]*>\\).*/$probe/p" "$source" |
  "$compiler" "$@" -E -x "$language" - 2>&1 >/dev/null | grep 'is missing')
if [[ -n $absent ]]; then
  echo "SKIPPED:"$'\n'"$absent"
  exit 77
fi

mkdir -p "$folder"
"$compiler" -g "$source" -o "$program" "$@" || fail "does not compile"

readonly summary=$program.summary

# Runs the program once; adds its reports to the summary and fails unless status and reports agree.
run_once() {
  # The stack of the older access is there however many accesses there are.
  HINDSIGHT="history_effort=100 history_kept_mib=64 ${HINDSIGHT:-}" \
    timeout "$time_limit_seconds" "$program" >"$program.out" 2>"$log"
  local status=$? wanted=0
  summarise "$log" >"$program.last"
  [[ -s $program.last ]] && wanted=66
  cat "$program.last" >>"$summary"
  tail -n 1 "$program.out"
  [[ $status -eq $wanted ]] && return
  tail -n 40 "$log"
  fail "exit status $status instead of $wanted"
}

# The marked patterns that no report has matched yet.
missing_patterns() {
  local pattern
  sed -n 's/^+//p' "$expected" | while read -r pattern; do
    grep -q -E -e "$pattern" "$summary" || echo "$pattern"
  done
}

: >"$summary"
for ((run = 1; run <= most_runs; ++run)); do
  run_once
  unexpected=$(grep -v -E -f <(patterns) "$program.last")
  if [[ -n $unexpected ]]; then
    head -n 150 "$log"
    fail "not in $(basename "$expected"):"$'\n'"$unexpected"
  fi
  missing=$(missing_patterns)
  [[ -z $missing ]] && break
done
sort "$summary" | uniq -c
[[ -z $missing ]] || fail "no report in $most_runs runs matches:"$'\n'"$missing"
echo "as expected"
