#!/usr/bin/env bash
# A file under runtime/ includes only its own layer and lower ones (runtime's order is its design):
#
#   base -> platform -> core -> history -> threads -> {sync, heap} -> report -> {entry + intercept}
#     -> {compat, openmp}
#
# Folders in one pair of braces do not include each other, but for entry and intercept: what the
# program calls and what it calls without knowing are one layer. tools/ and pass/ never include runtime/.
# Own test: a planted upward include must be found.
source "$(dirname "${BASH_SOURCE[0]}")/../support/shell.sh"

declare -A rank=([base]=0 [platform]=1 [core]=2 [history]=3 [threads]=4 [sync]=5 [heap]=5
                 [report]=6 [entry]=7 [intercept]=7 [compat]=8 [openmp]=8)

# Prints `file: includes "x"` for every include that the order forbids.
violations() {  # RUNTIME_FOLDER
  local file layer included target
  while IFS=: read -r file included; do
    layer=${file#"$1"/}; layer=${layer%%/*}
    target=${included%%/*}
    [ -n "${rank[$layer]:-}" ] || { echo "$file: unknown layer '$layer'"; continue; }
    [ "$target" = hindsight ] && continue   # include/hindsight: shared with the pass
    if [ "$included" = "$target" ]; then
      echo "$file: includes \"$included\" without its layer"
    elif [ -z "${rank[$target]:-}" ]; then
      echo "$file: includes \"$included\" of no known layer"
    elif [ "$layer" != "$target" ] && [ "${rank[$layer]}" -le "${rank[$target]}" ] &&
         [ "${rank[$layer]}${rank[$target]}" != 77 ]; then
      echo "$file: includes \"$included\" upwards"
    fi
  done < <(find "$1" -name '*.h' -o -name '*.cpp' -o -name '*.inc' -o -name '*.S' | sort |
           xargs grep -HE '^ *# *include *"' | sed -E 's/^([^:]*):.*"([^"]*)".*$/\1:\2/')
}

found=$(violations "$HINDSIGHT_SOURCE/runtime")
[ -z "$found" ] || fail "$found"

crossing=$(grep -rlE '^ *# *include *"(\.\./)*(runtime|base|platform|core|history|sync|heap|threads|report|entry|intercept)/' \
  "$HINDSIGHT_SOURCE/tools" "$HINDSIGHT_SOURCE/pass" 2>/dev/null)
[ -z "$crossing" ] || fail "includes of runtime/ in $crossing"

mkdir -p planted/base planted/sync planted/heap
echo '#include "sync/sync.h"' >planted/base/low.h
echo '#include "heap/heap.h"' >planted/sync/beside.h
echo '#include "base/types.h"' >planted/heap/fine.h
[ "$(violations planted | wc -l)" -eq 2 ] || fail "planted includes were not found"
