#!/usr/bin/env bash
# All code is laid out as .clang-format says, tests aside (they name lines of their programs).
source "$(dirname "${BASH_SOURCE[0]}")/../support/shell.sh"

# Other versions break lines elsewhere; this is Debian 12's.
formatter=clang-format-14
command -v "$formatter" >/dev/null || skip "no $formatter"
cd "$HINDSIGHT_SOURCE"
mapfile -t files < <(find pass runtime include tools examples -name '*.cpp' -o -name '*.h')
((${#files[@]} > 400)) || fail "only ${#files[@]} files"
"$formatter" --dry-run -Werror "${files[@]}" || fail "run $formatter -i on these files"

if printf 'int  a ;\n' | "$formatter" --dry-run -Werror --assume-filename=pass/a.cpp 2>/dev/null; then
  fail "$formatter finds nothing wrong with 'int  a ;'"
fi
