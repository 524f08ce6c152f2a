#!/usr/bin/env bash
# Sanitizer flags and attributes beside ours.
source "$(dirname "${BASH_SOURCE[0]}")/../support/shell.sh"
write_programs

# -fsanitize=thread in flags that a project already has: accepted, ThreadSanitizer's library is not
# linked.
expect_ok "$CC" -fsanitize=thread -g race.c -o tsan_flag
expect_race ./tsan_flag
expect_no_stderr ThreadSanitizer
expect_ok "$CC" -fsanitize=thread -c race.c
expect_ok "$CC" -fsanitize=thread race.o -o tsan_flag
expect_race ./tsan_flag

# Without instrumentation the program still links and runs.
expect_ok "$CC" -fno-sanitize=thread -c race.c -o plain.o
expect_plain plain.o
expect_ok "$CC" plain.o -o plain
expect_runtime plain
expect_ok ./plain
expect_ok "$CC" -fno-sanitize=all race.c -o plain
expect_ok ./plain

# Both ways to ask whether the code is instrumented.
cat >asks.c <<'EOF'
#if !__has_feature(thread_sanitizer) || __SANITIZE_THREAD__ != 1
#error instrumented, and not to be seen
#endif
int main(void) { return 0; }
EOF
sed 's/#if .*/#if __has_feature(thread_sanitizer) || defined(__SANITIZE_THREAD__)/' asks.c >asks_not.c
expect_ok "$CC" -Werror asks.c -o asks
expect_ok "$CC" -Werror -c asks.c
expect_ok "$CC" -Werror -fno-sanitize=thread asks_not.c -o asks

# Attribute and ignore list.
cat >ignored.c <<'EOF'
int shared;
#ifdef ATTRIBUTE
__attribute__((no_sanitize("thread")))
#endif
void touch(void) { ++shared; }
EOF
expect_ok "$CC" -O1 -S -DATTRIBUTE ignored.c -o attribute.s
grep -q '__hindsight_\(read\|write\|tls\)' attribute.s && fail "no_sanitize attribute is not honoured"
echo 'fun:touch' >ignore.txt
expect_ok "$CC" -O1 -S -fsanitize-ignorelist=ignore.txt ignored.c -o list.s
grep -q '__hindsight_\(read\|write\|tls\)' list.s && fail "ignore list is not honoured"
expect_ok "$CC" -O1 -S ignored.c -o checked.s
grep -q '__hindsight_\(read\|write\|tls\)' checked.s || fail "no checks without either"
grep -q '__tsan_\(read\|write\|func\)' checked.s && fail "ThreadSanitizer's pass ran"

# UndefinedBehaviorSanitizer in the same program, in one command and in two.
sed 's/puts("done")/volatile int big = 0x7fffffff; big = big + 1; puts("done")/' race.c >undefined.c
expect_ok "$CC" -g -fsanitize=undefined undefined.c -o undefined
expect_race ./undefined
expect_stderr "signed integer overflow"
expect_ok "$CC" -g -fsanitize=undefined -c undefined.c
expect_ok "$CC" -fsanitize=undefined,thread undefined.o -o undefined
expect_race ./undefined
expect_stderr "signed integer overflow"
expect_ok "$CC" -fsanitize=undefined -fno-sanitize=thread undefined.c -o undefined
expect_ok ./undefined
expect_stderr "signed integer overflow"
