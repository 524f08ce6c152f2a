#!/usr/bin/env bash
# run_filecheck.sh FILE.ll LLVM_MAJOR PLUGIN - runs the `; RUN:` lines of an IR test, without lit.
#
# In them: %s the file, %opt `opt` with the plugin loaded, %llc and %FileCheck those of that version,
# %llvm the version, %t a scratch file. A line that ends in a backslash goes on in the next one.
# Exit status: 0 all lines succeed, 1 one fails, 77 skipped (no opt or FileCheck of that version).
set -euo pipefail

file=$1 major=$2 plugin=$3
tools=/usr/lib/llvm-$major/bin
opt=$(command -v "opt-$major" || true); opt=${opt:-$tools/opt}
check=$(command -v "FileCheck-$major" || true); check=${check:-$tools/FileCheck}
[ -x "$opt" ] && [ -x "$check" ] || { echo "SKIP: no opt or FileCheck of LLVM $major"; exit 77; }

flags=""
[ "$major" -lt 15 ] && flags="-opaque-pointers"  # the tests spell pointers as later versions do
scratch=$(mktemp -d); trap 'rm -rf "$scratch"' EXIT

runs=$(sed -n 's/^; *RUN: *//p' "$file" | sed -e ':join' -e '/\\$/N; s/\\\n/ /; tjoin')
[ -n "$runs" ] || { echo "$file has no RUN line"; exit 1; }
while IFS= read -r line; do
  line=${line//%opt/"$opt $flags -load-pass-plugin=$plugin"}
  line=${line//%llc/"$tools/llc"}
  line=${line//%FileCheck/"$check"}
  line=${line//%llvm/"$major"}
  line=${line//%s/"$file"}
  line=${line//%t/"$scratch/t"}
  echo "+ $line"
  bash -o pipefail -c "$line"
done <<<"$runs"
