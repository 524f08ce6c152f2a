#!/usr/bin/env bash
# Every function that this C library exports is intercepted or has a reason not to be, no reason is given
# for what is intercepted, and docs/interceptors.md says so. Own test: planted mistakes are found.
source "$(dirname "${BASH_SOURCE[0]}")/../support/shell.sh"
tool=$HINDSIGHT_SOURCE/tools/interceptors.sh

expect_ok "$tool" --check

copy=$scratch/copy
mkdir -p "$copy/tools" "$copy/docs" "$copy/runtime"
cp "$tool" "$copy/tools/"
cp "$HINDSIGHT_SOURCE/docs/interceptors.md" "$copy/docs/"
cp -r "$HINDSIGHT_SOURCE/runtime/intercept" "$copy/runtime/"
reasons=$copy/runtime/intercept/not_intercepted.txt
expect_ok "$copy/tools/interceptors.sh" --check

sed -i 's/^LIBC(uname)$//' "$copy/runtime/intercept/families.def"
expect_exit 1 "$copy/tools/interceptors.sh" --check
expect_stderr "unaccounted for: uname"
cp "$HINDSIGHT_SOURCE/runtime/intercept/families.def" "$copy/runtime/intercept/"

echo "memcpy" >>"$reasons"
expect_exit 1 "$copy/tools/interceptors.sh" --check
expect_stderr "has an interceptor and a reason to have none: memcpy"
cp "$HINDSIGHT_SOURCE/runtime/intercept/not_intercepted.txt" "$reasons"

echo "changed" >>"$copy/docs/interceptors.md"
expect_exit 1 "$copy/tools/interceptors.sh" --check
expect_stdout "out of date"
