#!/usr/bin/env bash
# lint.sh [--fix] [FILE...] - clang-format and clang-tidy over what is tracked, and a build with all
# warnings as errors (preset lint). clang-tidy looks at the given .cpp files only, if there are any:
# all of them take two processors a quarter of an hour. What it looks for, and why not for the rest,
# is in .clang-tidy.
#
# Exit status: 0 nothing found, 1 something found. --fix lets clang-format rewrite the files.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source tools/packages.sh
install_missing clang-format-14 clang-tidy-19

mapfile -t files < <(git ls-files '*.cpp' '*.h' | grep -v '^tests/')
if [ "${1:-}" = --fix ]; then
  clang-format-14 -i "${files[@]}"
  shift
fi
result=0
say "clang-format"
clang-format-14 --dry-run -Werror "${files[@]}" || result=1
say "build with -Wpedantic -Wconversion -Werror"
{ cmake --preset lint >/dev/null && ninja -C build-lint -j "$(nproc)"; } >&2 || result=1
say "clang-tidy"
mapfile -t units < <(git ls-files 'runtime/*.cpp' 'tools/*.cpp' 'pass/*.cpp')
[ $# -eq 0 ] || units=("$@")
# It counts what it has found in the system's headers and keeps to itself.
printf '%s\n' "${units[@]}" |
  xargs -P "$(nproc)" -n 1 clang-tidy-19 -p build-lint --quiet 2> >(grep -v ' warnings\? generated\.$' >&2) || result=1
exit $result
