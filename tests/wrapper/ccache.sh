#!/usr/bin/env bash
# ccache in front of the wrapper: hits give the same instrumented object.
source "$(dirname "${BASH_SOURCE[0]}")/../support/shell.sh"
command -v ccache >/dev/null || skip "no ccache"
write_programs
export CCACHE_DIR=$scratch/cache CCACHE_NOINODECACHE=1
unset CCACHE_DISABLE
hits() { ccache --print-stats | awk '$1 == "direct_cache_hit" || $1 == "preprocessed_cache_hit" { n += $2 } END { print n + 0 }'; }
expect_ok ccache "$CC" -g -c race.c -o race.o
expect_instrumented race.o
cp race.o first.o; rm race.o
expect_ok ccache "$CC" -g -c race.c -o race.o
[ "$(hits)" -eq 1 ] || { ccache -s; fail "no hit for the same command"; }
cmp race.o first.o || fail "the hit is another object"
expect_ok ccache "$CC" -g -c -fno-sanitize=thread race.c -o plain.o
expect_plain plain.o
expect_ok ccache "$CXX" -g -c race.cpp -o race++.o
expect_instrumented race++.o
expect_ok ccache "$CC" race.o -o race
expect_race ./race
# Another installation of the wrapper (another plugin) is another compiler.
cp -a "$HINDSIGHT_BUILD/bin" bin; cp -a "$HINDSIGHT_BUILD/lib" lib
touch bin/hindsight-clang++
before=$(hits)
expect_ok ccache "$scratch/bin/hindsight-clang" -g -c race.c -o race.o
[ "$(hits)" -eq "$before" ] || fail "a hit across wrappers"
