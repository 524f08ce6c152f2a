#!/usr/bin/env bash
# Commands without input are Clang's own business: not one flag is added.
source "$(dirname "${BASH_SOURCE[0]}")/../support/shell.sh"
version=$("$CC" --hindsight-dry-run -dumpversion | cut -d' ' -f1)
for query in --version -v -dumpversion -dumpmachine -print-search-dirs -print-resource-dir \
             -print-file-name=libc.so -print-prog-name=ld -print-multi-os-directory --help; do
  "$version" $query >expected.out 2>expected.err </dev/null
  expected=$?
  expect_exit $expected "$CC" $query
  cmp -s expected.out .out || fail "$query prints something else"
  cmp -s expected.err .err || fail "$query prints something else to stderr"
done
expect_ok "$CC" -print-targets
expect_ok "$CC" --hindsight-version
expect_stdout "hindsight "
expect_ok "$HINDSIGHT_BIN/hindsight" --version
expect_stdout "hindsight "
