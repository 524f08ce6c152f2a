#!/usr/bin/env bash
# The runtime's symbols: it needs nothing but libc, and shows nothing but its interface.
source "$(dirname "${BASH_SOURCE[0]}")/../support/shell.sh"
lib=$HINDSIGHT_BUILD/lib

# One object; every undefined symbol is one of libc, the dynamic loader, or a hook that the program
# may define (weak).
[ "$(ar t "$lib/libhindsight.a" | wc -l)" -eq 1 ] || fail "libhindsight.a is not one object"
nm -u "$lib/libhindsight.a" 2>/dev/null | awk '$1 == "U" || $1 == "w" { print $2 }' | sort -u >undefined
clang=$("$CC" --hindsight-dry-run -dumpversion | cut -d' ' -f1)
libc=$("$clang" -print-file-name=libc.so.6); loader=$("$clang" -print-file-name=ld-linux-x86-64.so.2)
nm -D --defined-only "$libc" "$loader" 2>/dev/null | awk 'NF == 3 { sub(/@.*/, "", $3); print $3 }' |
  sort -u >provided
foreign=$(comm -23 undefined provided | grep -vE '^(_GLOBAL_OFFSET_TABLE_|_DYNAMIC|__dso_handle|__ehdr_start|__executable_start|_end|__(init|fini|preinit)_array_(start|end)|__libc_single_threaded|_Unwind_.*|main|_ZSt15get_new_handlerv|_ZSt17__throw_bad_allocv|_ZNSt6locale7classicEv|__hindsight_(default_options|on_race|on_race_bytes)|__tsan_(default_(options|suppressions)|on_(report|initialize|finalize))|__sanitizer_(malloc|free)_hook)$')
[ -z "$foreign" ] || fail "needs symbols that libc does not have: $foreign"

# Nothing of the standard library, of LLVM's libunwind or of libbacktrace is visible.
nm -g --defined-only "$lib/libhindsight.a" | awk 'NF == 3 { print $3 }' | sort -u >exported
leaked=$(grep -E '^(backtrace_|unw_|__unw_|_Unwind_|cplus_demangle|_ZN9libunwind|_ZN9hindsight|_ZNSt|_ZSt|__hindsight_internal_|__hindsight_backtrace_)' exported |
  grep -vE '^backtrace_symbols(_fd)?$|^_Unwind_SetIP$|^_ZNSt(13__future_base13_State_baseV211_Make_ready6_M_set|15__exception_ptr|3__111__call_once|3__119__(shared_(mutex_base|weak_count)|thread_local_data)|3__131__arrive_b)')
# (those are interceptors)
[ -z "$leaked" ] || fail "visible by accident: $leaked"
nm -D --defined-only "$lib/libhindsight.so" | awk '{ sub(/@.*/, "", $3); print $3 }' | sort -u >exported.so
differences=$(diff exported exported.so | grep '^[<>]')
[ -z "$differences" ] || fail "archive and library differ: $differences"
grep -q '"__hindsight_write4";' "$lib/libhindsight.syms" || fail "libhindsight.syms is not a list"
ldd "$lib/libhindsight.so" | grep -vE 'linux-vdso|libc\.so|ld-linux|libdl|libpthread' | grep . &&
  fail "libhindsight.so needs more than libc"

# A C program links by the C driver; a program may have its own libunwind and libbacktrace symbols.
echo 'int backtrace_full, unw_step, _Unwind_Backtrace_mine; int main(void) { return 0; }' >own.c
expect_ok "$CC" own.c -o own
expect_ok ./own
