#!/usr/bin/env bash
# Every function that the headers of the sanitizers declare and ThreadSanitizer's own runtime defines is defined: a
# program that takes the address of each links, with either runtime. Left out: what the program defines for the runtime.
# A program may define what is weak in ThreadSanitizer's.
source "$(dirname "${BASH_SOURCE[0]}")/../support/shell.sh"
compiler=clang-19
command -v $compiler >/dev/null || skip "no $compiler"
resources=$($compiler -print-resource-dir)
archive=$(echo "$resources"/lib/linux/libclang_rt.tsan-"$(uname -m)".a)
[ -e "$archive" ] || skip "no runtime of ThreadSanitizer"

declared() {
  local header
  for header in common_interface_defs tsan_interface tsan_interface_atomic allocator_interface; do
    $compiler -E -x c "$resources/include/sanitizer/$header.h"
  done | grep -oE '\b__(sanitizer|tsan)_[a-z0-9_]+ *\(' | tr -d ' (' | sort -u
}
defined() { nm -g --defined-only "$1" 2>/dev/null | awk 'NF == 3 {print $3}' | sort -u; }
programs_own='_hook$|__sanitizer_weak_hook_|__tsan_default_'
comm -12 <(declared) <(defined "$archive") | grep -vE "$programs_own" >names
[ "$(wc -l <names)" -gt 100 ] || fail "$(wc -l <names) functions only"
{
  printf '#include <sanitizer/%s.h>\n' common_interface_defs tsan_interface tsan_interface_atomic allocator_interface
  echo '#include <stdio.h>'
  echo 'void *volatile all[] = {'
  sed 's/.*/  (void *)&,/' names
  echo '};'
  cat <<'END'
int main(void) {
  for (unsigned i = 0; i < sizeof all / sizeof *all; i++) if (all[i] == 0) return 1;
  __sanitizer_report_error_summary("SUMMARY: of mine");
  __sanitizer_sandbox_on_notify(0);
  return 0;
}
END
} >all.c
expect_ok "$CC" "--hindsight-clang=$compiler" all.c -o all
expect_ok ./all
expect_stderr "SUMMARY: of mine"
expect_ok "$CC" "--hindsight-clang=$compiler" --hindsight-shared-runtime all.c -o all
expect_ok ./all
expect_stderr "SUMMARY: of mine"
{
  cat all.c
  echo 'void __sanitizer_report_error_summary(const char *text) { puts(text); }'
} >own.c
expect_ok "$CC" "--hindsight-clang=$compiler" own.c -o own
expect_ok ./own
expect_stdout "SUMMARY: of mine"
expect_silent
