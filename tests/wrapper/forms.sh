#!/usr/bin/env bash
# Every form of Clang command line: each must do what Clang does, plus checks or the runtime.
source "$(dirname "${BASH_SOURCE[0]}")/../support/shell.sh"
write_programs

# Compile and link in one command, C and C++.
expect_ok "$CC" -g race.c -o race
expect_instrumented race; expect_runtime race
expect_race ./race
expect_stdout done
expect_ok "$CXX" -std=c++20 -g race.cpp -o race
expect_race ./race
expect_ok "$CC" -g fixed.c -o fixed
expect_ok ./fixed
expect_silent

# Default output name.
expect_ok "$CC" race.c
expect_file a.out

# Compile, then link. No warning about unused arguments in either, even as errors.
expect_ok "$CC" -Werror -O2 -g -c race.c
expect_silent
expect_instrumented race.o
expect_ok "$CC" -Werror race.o -o linked
expect_silent
expect_race ./linked
expect_ok "$CC" -Werror -pthread -o linked -L. race.o -lm
expect_race ./linked

# Several sources; objects and sources mixed.
echo 'int other(void) { return 3; }' >other.c
expect_ok "$CC" race.c other.c -o both
expect_race ./both
expect_ok "$CC" -c other.c
expect_ok "$CC" race.c other.o -o both
expect_race ./both

# Assembly and IR out; both are instrumented.
expect_ok "$CC" -O1 -S race.c -o race.s
grep -q __hindsight_ race.s || fail "-S: no checks in the assembly"
expect_ok "$CC" -O1 -S -emit-llvm race.c -o race.ll
grep -q __hindsight_ race.ll || fail "-emit-llvm: no checks in the IR"
# ... and both in again, without a second instrumentation.
expect_ok "$CC" -Werror -c race.s -o from_s.o
expect_silent
expect_ok "$CC" from_s.o -o from_s
expect_race ./from_s
expect_ok "$CC" -c race.ll -o from_ll.o
expect_ok "$CC" from_ll.o -o from_ll
expect_race ./from_ll
printf '#define VALUE 42\n.globl value\n.data\nvalue: .long VALUE\n' >value.S
expect_ok "$CC" -Werror -c value.S
expect_silent

# Preprocessing: the feature macro must be there for headers that ask.
cat >feature.c <<'EOF'
#if __has_feature(thread_sanitizer)
int feature_is_on;
#endif
EOF
expect_ok "$CC" -E feature.c
expect_stdout feature_is_on
expect_ok "$CC" -Werror -fsyntax-only race.c
expect_silent
expect_ok "$CC" -M race.c
expect_stdout race.o:
expect_ok "$CC" -MM race.c

# Dependency files, while compiling and while doing all at once.
expect_ok "$CC" -MD -MF deps.d -MT target -c race.c
grep -q '^target: race.c' deps.d || fail "wrong deps.d"
expect_ok "$CC" -MMD -MP race.c -o race
expect_file race.d

# The language named; source on standard input.
cp race.c race.txt
expect_ok "$CC" -x c race.txt -x none -o from_txt
expect_race ./from_txt
echo "+ hindsight-clang -x c - (standard input)"
"$CC" -x c - -o from_stdin <race.c || fail "source on standard input"
expect_race ./from_stdin

# Only inputs after `--`.
expect_ok "$CC" -o dashes -- race.c
expect_race ./dashes

# Response files, quoted, nested.
mkdir "with blank"; cp race.c "with blank/race.c"
printf -- '-g\n-o "with blank/program"\n@inner.rsp\n' >outer.rsp
printf -- "'with blank/race.c' -Dname=a\\\\ b" >inner.rsp
expect_ok "$CC" @outer.rsp
expect_race "with blank/program"
echo "-c race.c -o rsp.o" >compile.rsp
expect_ok "$CC" -Werror @compile.rsp
expect_silent
expect_instrumented rsp.o

echo "-o dashes_too -- 'with blank/race.c'" >dashes.rsp
expect_ok "$CC" -g @dashes.rsp
expect_race ./dashes_too

# Precompiled headers, by suffix and by -x.
echo 'inline int twice(int x) { return 2 * x; }' >pre.h
echo 'int main() { return twice(0); }' >uses_pre.cpp
expect_ok "$CXX" -x c++-header pre.h -o pre.h.pch
expect_ok "$CXX" -include-pch pre.h.pch uses_pre.cpp -o uses_pre
expect_ok ./uses_pre
cp pre.h lone.hpp
expect_ok "$CXX" -Werror lone.hpp
ls lone.hpp.[gp]ch >/dev/null || fail "no precompiled header"

# Relocatable output has no runtime of its own.
expect_ok "$CC" -r race.o other.o -o merged.o
grep -q ' T __hindsight_write4' <(nm merged.o) && fail "-r: runtime linked"
expect_ok "$CC" merged.o -o merged
expect_race ./merged

# Only the command is printed; -### prints Clang's.
expect_ok "$CC" --hindsight-dry-run race.c -o dry
expect_stdout --whole-archive
[ ! -e dry ] || fail "--hindsight-dry-run compiled"
expect_ok "$CC" -### race.c -o dry
expect_stderr libhindsight.a
expect_no_stderr libclang_rt.tsan
