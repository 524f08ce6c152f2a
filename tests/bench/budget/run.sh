#!/usr/bin/env bash
# run.sh [--update | --where NAME] - counts the instructions of each fast path and compares them with budget.txt.
#
# A count may differ from the table by 5 per cent or 3 instructions, whichever is more, in either
# direction: a path that has become cheaper is to be held there. --update writes the table anew.
# --where lists the functions that the instructions of one path are in.
# --clang FLAGS... counts another build of the same program (--clang, --clang -fsanitize=thread).
#
# Exit status: 0 within the budget, 1 not, 77 the machine cannot count (not x86-64, no ptrace).
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
build=$(realpath "${HINDSIGHT_BUILD_DIR:-$here/../../../build}")
work=$build/bench/budget
table=$here/budget.txt

[[ $(uname -m) == x86_64 ]] || exit 77
mkdir -p "$work"
clang++-19 -std=c++20 -O1 -Wall -Wextra "$here/count.cpp" -o "$work/count"

if [[ ${1:-} == --clang ]]; then
  clang++-19 -std=c++20 -O2 -g -pthread "${@:2}" "$here/paths.cpp" -o "$work/paths.other"
  exec "$work/count" "$work/paths.other"
fi

"$build/bin/hindsight-clang++" --hindsight-clang=clang++-19 -std=c++20 -O2 -g -pthread \
  "$here/paths.cpp" -o "$work/paths"
if [[ ${1:-} == --where ]]; then
  "$work/count" "$work/paths" "$2" | addr2line -f -C -e "$work/paths" | awk 'NR % 2 == 1' | uniq -c
  exit
fi

counts=$("$work/count" "$work/paths") || exit $?

if [[ ${1:-} == --update ]]; then
  { sed -n '/^#/p' "$table"; echo "$counts"; } >"$work/budget.txt"
  mv "$work/budget.txt" "$table"
  exit
fi

awk '
  FNR == NR { if ($0 !~ /^#/ && NF == 2) budget[$1] = $2; next }
  {
    seen[$1] = 1
    if (!($1 in budget)) { print $1 ": " $2 ", not in budget.txt"; bad = 1; next }
    slack = budget[$1] * 0.05
    if (slack < 3) slack = 3
    difference = $2 - budget[$1]
    verdict = difference > slack ? "TOO MANY" : -difference > slack ? "FEWER: run.sh --update" : "ok"
    printf "%-16s %5d  budget %5d  %s\n", $1, $2, budget[$1], verdict
    if (verdict != "ok") bad = 1
  }
  END {
    for (name in budget) if (!(name in seen)) { print name ": not counted"; bad = 1 }
    exit bad
  }
' "$table" <(echo "$counts")
