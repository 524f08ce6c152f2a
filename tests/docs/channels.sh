#!/usr/bin/env bash
# docs/channels.md: every program in it compiles without warnings, does what it says (status 0) with
# each compiler, and has no race. Every header of the table exists, and every header is in the table.
source "$(dirname "${BASH_SOURCE[0]}")/../support/shell.sh"
page=$HINDSIGHT_SOURCE/docs/channels.md
include=$HINDSIGHT_SOURCE/include

awk '/^```cpp$/ { n++; file = "snippet" n ".cpp"; inside = 1; next }
     /^```$/ { inside = 0 }
     inside { print > file }' "$page"
snippets=(snippet*.cpp)
[ ${#snippets[@]} -ge 5 ] || fail "only ${#snippets[@]} programs in $page"

for snippet in "${snippets[@]}"; do
  for compiler in g++ clang++-14; do
    command -v $compiler >/dev/null || continue
    expect_ok $compiler -std=c++17 -O1 -pthread -Wall -Wextra -Wpedantic -Werror -I"$include" "$snippet" -o plain
    expect_ok ./plain
  done
  expect_ok "$CXX" -std=c++17 -O1 -g -pthread -Wall -Wextra -Werror -I"$include" "$snippet" -o checked
  expect_ok ./checked
  expect_silent
done

for header in "$include"/hindsight/*.h; do
  name=${header##*/}
  case $name in abi.h | annotate.h | misuse.h) continue ;; esac
  grep -qF "| \`$name\` |" "$page" || fail "$name is not in the table of $page"
done
while read -r name; do expect_file "$include/hindsight/$name"; done \
  < <(grep -oE '^\| `[a-z_]+\.h`' "$page" | grep -oE '[a-z_]+\.h')
