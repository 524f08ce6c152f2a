#!/usr/bin/env bash
# compare_tsan.sh [--check] [LEVEL...] - runs the test programs under Clang 19's ThreadSanitizer and lists those on
# which it is wrong: the table of docs/compared-with-tsan.md.
#
# A racy program without a report of a race in any of three runs is missed; a clean one with a report of
# a race in any of three runs is a false report. Left out are programs that are about something else than
# races (their EXPECT counts `reports`), that use Hindsight's own headers or options, or that must end
# otherwise than by their own exit. Levels: -O1 by default.
#
# With --check it fails if a program with such a verdict is not in that page, or one in the page is judged
# right at every level that the page names for it, as (-O1, -O2), or at all where it names none. A name in the page
# that ends in * stands for several, of which some may be right.
#
# Environment: HINDSIGHT_TEST_JOBS=2 (programs at a time); HINDSIGHT_TEST_ONLY=GLOB (by file name).
# Output: one line "missed|false|broken group/name level: what TSan said" for each; then the totals.
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
check=0
if [ "${1:-}" = --check ]; then check=1; shift; fi
levels=("${@:--O1}")
page=$here/../../docs/compared-with-tsan.md
only=${HINDSIGHT_TEST_ONLY:-*}

comparable() {  # FILE: whether ThreadSanitizer can be asked about it
  ! grep -qE '#include [<"](hindsight/|channels\.h)|__hindsight_|hindsight::|^// EXPECT: reports|^// ENV: HINDSIGHT|^// EXPECT: exit' "$1"
}

judge() {  # FILE LEVEL: runs it up to three times
  local file=$1 level=$2 group run line races status said=""
  group=$(basename "$(dirname "$file")")
  for run in 1 2 3; do
    line=$(HINDSIGHT_TEST_TSAN=1 HINDSIGHT_TEST_TIMEOUT=30 "$here/run_program.sh" "$file" "$level" 2>&1)
    case "$? $line" in 77* | "0 ") echo "skipped $group/$(basename "$file") $level"; return ;; esac  # REQUIRES, ONLY
    said=$(grep '^tsan ' <<<"$line" | sed 's/^tsan [^:]*: //')
    [ -n "$said" ] || { echo "broken $group/$(basename "$file") $level: $(head -1 <<<"$line")"; return; }
    races=${said%% *} status=${said##* }
    # A crash of ThreadSanitizer's own ends with its status for reports.
    if [ "$status" -ge 128 ] || [ "$status ${said#* races of }" = "66 0 reports, exit 66" ]; then echo "broken $group/$(basename "$file") $level: $said"; return; fi
    if [ "$group" = racy ] && [ "$races" -gt 0 ]; then echo "right $group/$(basename "$file") $level"; return; fi
    if [ "$group" = clean ] && [ "$races" -gt 0 ]; then echo "false $group/$(basename "$file") $level: $said"; return; fi
  done
  if [ "$group" = racy ]; then echo "missed $group/$(basename "$file") $level: $said"
  else echo "right $group/$(basename "$file") $level"; fi
}

if [ "${levels[0]}" = --judge ]; then judge "$2" "$3"; exit; fi

for file in "$here"/racy/$only.c "$here"/racy/$only.cpp "$here"/clean/$only.c "$here"/clean/$only.cpp; do
  if [ -f "$file" ] && comparable "$file"; then
    for level in "${levels[@]}"; do printf '%s\0%s\0' "$file" "$level"; done
  fi
done | xargs -0 -n 2 -P "${HINDSIGHT_TEST_JOBS:-2}" "${BASH_SOURCE[0]}" --judge | sort |
  awk -v check=$check -v page="$page" '
    { print; ++count[$1] }
    $1 != "skipped" { judged[$2] = judged[$2] " " substr($3, 1, 3); if ($1 != "right") wrong[$2] = 1 }
    END {
      for (verdict in count) print "total " verdict, count[verdict]
      if (!check) exit 0
      while ((getline line <page) > 0) {
        if (line !~ /^\| `(racy|clean)\//) continue
        depends = line ~ /schedule/  # may be right at times
        named = match(line, /\(-O[^)]*\)/) ? substr(line, RSTART, RLENGTH) : "-O0 -O1 -O2 -O3"
        sub(/^\| /, "", line); sub(/ \|.*/, "", line); gsub(/[`,]/, " ", line)
        n = split(line, names, " ")
        for (i = 1; i <= n; ++i) {
          if (names[i] ~ /\*$/) beginnings[substr(names[i], 1, length(names[i]) - 1)] = 1
          else { listed[names[i]] = depends ? 2 : 1; levels[names[i]] = named }
        }
      }
      for (name in wrong) for (beginning in beginnings) if (index(name, beginning) == 1) listed[name] = 2
      for (name in wrong) if (!(name in listed)) { print "not in the page: " name; bad = 1 }
      for (name in listed) {
        if (name in wrong || listed[name] != 1) continue
        n = split(judged[name], names, " ")
        for (i = 1; i <= n && !index(levels[name], names[i]);) ++i
        if (i <= n) { print "in the page, but right: " name; bad = 1 }
      }
      exit bad
    }'
