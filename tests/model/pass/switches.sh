#!/usr/bin/env bash
# switches.sh - the words of HINDSIGHT_PASS, one a line, without those that change what is found (pass/options.h).
set -euo pipefail
build=${HINDSIGHT_BUILD_DIR:-$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/../../../build}
# An unknown word makes the pass list those that it knows.
said=$(HINDSIGHT_PASS=? "$build/bin/hindsight-clang++" -x c++ - -c -o /dev/null 2>&1 <<<"int x;" || true)
words=$(sed -n 's/.*known: //p' <<<"$said" | tr -d ' ' | tr , '\n' | grep -vxE 'no-(speculated|choices|conditions|selects|masked|lanes|assembly|shared-ptr)')
(($(wc -l <<<"$words") > 10)) || { echo "switches.sh: the pass does not say what it knows: $said" >&2; exit 1; }
echo "$words"
