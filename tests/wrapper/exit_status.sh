#!/usr/bin/env bash
# Clang's verdict is the wrapper's: exit status, messages, signals, and the program's own ones.
source "$(dirname "${BASH_SOURCE[0]}")/../support/shell.sh"
echo 'int main(void) { return undeclared; }' >bad.c
expect_exit 1 "$CC" -c bad.c
expect_stderr "undeclared"
echo 'int missing(void); int main(void) { return missing(); }' >unlinked.c
expect_exit 1 "$CC" unlinked.c -o unlinked
expect_stderr "missing"
expect_exit 1 "$CC" no_such_file.c
expect_exit 1 "$CC"
expect_stderr "no input files"
echo 'int x;' >ok.c
expect_exit 1 "$CC" -funknown-option-of-nobody -c ok.c
expect_stderr "-funknown-option-of-nobody"
expect_ok "$CC" -Wunknown-warning-of-nobody -c ok.c
expect_stderr "unknown-warning-of-nobody"
expect_exit 1 "$CC" -Werror -Wunknown-warning-of-nobody -c ok.c

echo 'int main(void) { return 7; }' >seven.c
expect_ok "$CC" seven.c -o seven
expect_exit 7 ./seven
echo '#include <stdlib.h>
int main(void) { abort(); }' >aborts.c
expect_ok "$CC" aborts.c -o aborts
expect_exit 134 ./aborts

# The wrapper becomes the compiler: a signal to its process id is a signal to the compiler.
printf '#!/bin/sh\ncase "$*" in *--version*) exec %s "$@";; esac\nkill -TERM $$\n' "$(command -v clang-19 || command -v clang-14)" >dies
chmod +x dies
expect_exit 143 "$CC" --hindsight-clang=./dies -c ok.c
