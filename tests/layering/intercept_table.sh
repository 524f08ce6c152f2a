#!/usr/bin/env bash
# The tables of intercepted names (runtime/intercept/*.def) and the symbols of libhindsight.a agree:
# every name of a table is defined, every function of the C library that is defined has its line,
# no name has two lines, and an alias names a base that is in a table.
source "$(dirname "${BASH_SOURCE[0]}")/../support/shell.sh"

archive=$HINDSIGHT_BUILD/lib/libhindsight.a
[ -e "$archive" ] || skip "no $archive"
libc=$(gcc -print-file-name=libc.so.6 2>/dev/null || cc -print-file-name=libc.so.6)
[ -e "$libc" ] || skip "no libc.so.6"

tables=("$HINDSIGHT_SOURCE"/runtime/intercept/*.def)
sed -nE 's/^LIBC(_[A-Z]+)?\(([A-Za-z0-9_]+).*/\2/p' "${tables[@]}" | sort >listed.all
sort -u listed.all >listed
nm -g --defined-only "$archive" | awk '$2 ~ /^[TWVi]$/ { print $3 }' | sort -u >defined
nm -D --defined-only "$libc" | awk '{ sub(/@.*/, "", $3); print $3 }' | sort -u >libc

[ -s defined ] || fail "no symbols in $archive"

# Conditions have a line for each processor.
twice=$(uniq -d listed.all | grep -vxE 'pthread_cond_(wait|timedwait|init|destroy|signal|broadcast)')
[ -z "$twice" ] || fail "two lines for: $twice"

missing=$(comm -23 listed defined)
[ -z "$missing" ] || fail "in a table, but not defined: $missing"

extra=$(comm -12 defined libc | comm -23 - listed)
[ -z "$extra" ] || fail "defined, but in no table: $extra"

bases=$(sed -nE 's/^LIBC_ALIAS\([A-Za-z0-9_]+, *([A-Za-z0-9_]+)\).*/\1/p' "${tables[@]}" | sort -u |
        comm -23 - listed)
[ -z "$bases" ] || fail "aliases of what is in no table: $bases"

echo "$(wc -l <listed) names"
