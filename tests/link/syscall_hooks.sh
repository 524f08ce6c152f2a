#!/usr/bin/env bash
# Every hook of sanitizer/linux_syscall_hooks.h is defined: a program that calls all of its macros links, in C and
# C++, and runs silently. The program is made of the header of each Clang that is here.
source "$(dirname "${BASH_SOURCE[0]}")/../support/shell.sh"

# Calls of all macros that COMPILER's header defines, in its order, that say of no call that it did anything.
calls_of() {
  "$1" -E -dD -x c - <<<"#include <sanitizer/linux_syscall_hooks.h>" |
    sed -nE 's/^#define (__sanitizer_syscall_(pre|post)_[a-z0-9_]+)\(([^)]*)\).*/\2 \1 \3/p' |
    while read -r when macro parameters; do
      arguments=$(sed -E 's/[^, ]+/0/g' <<<"$parameters")
      [ "$when" = post ] && arguments=-38${arguments#0}  # ENOSYS
      echo "  $macro($arguments);"
    done
}

found=0
for compiler in clang-19 clang-14; do
  command -v "$compiler" >/dev/null || continue
  header=$("$compiler" -print-resource-dir)/include/sanitizer/linux_syscall_hooks.h
  [ -e "$header" ] || continue
  found=1
  {
    echo "#include <sanitizer/linux_syscall_hooks.h>"
    echo "int main(void) {"
    calls_of "$compiler"
    echo "  return 0;"
    echo "}"
  } >all.c
  calls=$(grep -c '^  __sanitizer' all.c)
  [ "$calls" -gt 600 ] || fail "$calls calls only"
  cp all.c all.cpp
  expect_ok "$CC" "--hindsight-clang=$compiler" all.c -o all
  expect_ok ./all
  expect_silent
  expect_ok "$CXX" "--hindsight-clang=${compiler/clang/clang++}" all.cpp -o all
  expect_ok "$CC" "--hindsight-clang=$compiler" --hindsight-shared-runtime all.c -o all
  expect_ok ./all
  expect_silent
done
[ $found -eq 1 ] || skip "no Clang has the header"
