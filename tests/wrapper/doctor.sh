#!/usr/bin/env bash
# `hindsight doctor` looks at the machine and names a cure for each problem.
source "$(dirname "${BASH_SOURCE[0]}")/../support/shell.sh"
hindsight=$HINDSIGHT_BIN/hindsight
expect_ok "$hindsight" doctor
expect_stdout "its race reported"
expect_no_stdout "problem"
expect_exit 1 "$hindsight" doctor --clang=no-such-clang
expect_stdout "cure: "
run bash -c "ulimit -v 4000000; exec '$hindsight' doctor"
[ $status -eq 1 ] || fail "a limited address space is no problem?"
expect_stdout "ulimit -v unlimited"
# An installation with a part missing.
cp -r "$HINDSIGHT_BIN" bin; mkdir lib
expect_exit 1 bin/hindsight doctor
expect_stdout "libhindsight.a is missing"
