#!/usr/bin/env bash
# build.sh DIR [LEVEL...] - compiles the soak test into DIR/soak-O1 and so on (all of -O0 -O1 -O2): what its
# threads do with the wrapper at that level, the rest without instrumentation. With HINDSIGHT_PASS=WORD the names
# end in .WORD.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
dir=$1; shift
levels=("$@"); ((${#levels[@]} > 0)) || levels=(-O0 -O1 -O2)
build=${HINDSIGHT_BUILD_DIR:-$here/../../../build}
clang=${HINDSIGHT_CLANGXX:-clang++-19}
wrapper=$build/bin/hindsight-clang++
flags=(-std=c++20 -g -pthread -Wall -Wextra -I"$here/../.." -I"$here/../../../include")
mkdir -p "$dir"

objects=()
for file in "$here"/*.cpp; do
  object=$dir/$(basename "$file" .cpp).o
  [[ $file != */actions.cpp ]] || continue
  objects+=("$object")
  [ -e "$object" ] && [ -z "$(find "$here" "$here/.." "$file" -newer "$object" -name '*.[ch]*')" ] ||
    "$clang" "${flags[@]}" -O2 -fPIE -c "$file" -o "$object"
done
for level in "${levels[@]}"; do
  name=$level${HINDSIGHT_PASS:+.$HINDSIGHT_PASS}
  "$wrapper" "${flags[@]}" "$level" -mcx16 -c "$here/actions.cpp" -o "$dir/actions$name.o"
  "$wrapper" -pthread "$dir/actions$name.o" "${objects[@]}" -o "$dir/soak$name" -latomic
done
