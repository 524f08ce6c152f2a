#!/usr/bin/env bash
# Objects that Clang's or GCC's own -fsanitize=thread has compiled, linked by the wrapper, are checked:
# accesses of every kind, atomics, both stacks, and stacks after exceptions and longjmp.
source "$(dirname "${BASH_SOURCE[0]}")/../support/shell.sh"

compilers=()
for compiler in gcc clang-19 clang-14; do
  command -v "$compiler" >/dev/null && compilers+=("$compiler")
done
[ ${#compilers[@]} -gt 0 ] || skip "neither GCC nor Clang under its own name"
cxx_of() { case $1 in gcc) echo g++ ;; *) echo "${1/clang/clang++}" ;; esac; }

# Accesses of every kind in two threads, ordered by nothing or by a mutex.
cat >accesses.cpp <<'EOF'
#include <pthread.h>
#include <string.h>
#include <new>
#include <stdexcept>
#ifdef FIXED
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static void enter() { pthread_mutex_lock(&mutex); }
static void leave() { pthread_mutex_unlock(&mutex); }
#else
static void enter() {}
static void leave() {}
#endif
struct Packed { char pad; int word; long number; } __attribute__((packed));
struct Shape {
  virtual ~Shape() {}
  virtual int corners() { return 0; }
};
struct Square : Shape {
  int corners() override { return 4; }
};
char one; short two; int four; long eight; __int128 sixteen; float real;
Packed packed; volatile int noisy;
char bytes[4096], source[4096];
alignas(Square) char place[sizeof(Square)];
size_t size = sizeof(bytes);
int calls;

__attribute__((noinline)) void thrower(int depth) {
  if (depth == 0) throw std::runtime_error("left");
  thrower(depth - 1);
  ++calls;
}
__attribute__((noinline)) void catcher() {
  try { thrower(5); } catch (const std::exception &) { }
}
__attribute__((noinline)) void afterExceptions() { ++calls; }

__attribute__((noinline)) static void touchAll() {
  ++one; ++two; ++four; ++eight; sixteen += 1; real += 1;
  ++packed.word; ++packed.number;
  noisy = 1;
  memcpy(bytes, source, size);
  new (place) Square;
  for (int i = 0; i < 100; ++i) catcher();
  afterExceptions();
}
static void *touch(void *unused) {
  enter();
  touchAll();
  leave();
  return unused;
}
int main() {
  pthread_t thread;
  pthread_create(&thread, nullptr, touch, nullptr);
  touch(nullptr);
  pthread_join(thread, nullptr);
  return 0;
}
EOF

# Message passing in each width and by each way of ordering; with relaxed orders it races.
cat >atomics.c <<'EOF'
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#ifdef FIXED
enum { kRelease = __ATOMIC_RELEASE, kAcquire = __ATOMIC_ACQUIRE, kBoth = __ATOMIC_ACQ_REL };
#else
enum { kRelease = __ATOMIC_RELAXED, kAcquire = __ATOMIC_RELAXED, kBoth = __ATOMIC_RELAXED };
#endif
#define KINDS(X) X(8) X(16) X(32) X(64)
#define STATE(bits) uint##bits##_t flag##bits, swap##bits, add##bits; int first##bits, second##bits, third##bits;
KINDS(STATE)
int fence_flag, fence_data;
static void *produce(void *unused) {
#define PRODUCE(bits)                                                                    \
  first##bits = 1;                                                                       \
  __atomic_store_n(&flag##bits, 1, kRelease);                                            \
  second##bits = 1;                                                                      \
  uint##bits##_t zero##bits = 0;                                                         \
  __atomic_compare_exchange_n(&swap##bits, &zero##bits, 1, 0, kBoth, __ATOMIC_RELAXED);  \
  third##bits = 1;                                                                       \
  __atomic_fetch_or(&add##bits, 1, kRelease);
  KINDS(PRODUCE)
  fence_data = 1;
#ifdef FIXED
  __atomic_thread_fence(__ATOMIC_RELEASE);
#endif
  __atomic_store_n(&fence_flag, 1, __ATOMIC_RELAXED);
  return unused;
}
int main(void) {
  pthread_t thread;
  int sum = 0;
  pthread_create(&thread, 0, produce, 0);
#define CONSUME(bits)                                                                    \
  while (__atomic_load_n(&flag##bits, kAcquire) == 0) sched_yield();                     \
  sum += first##bits;                                                                    \
  while (__atomic_exchange_n(&swap##bits, 0, kAcquire) == 0) sched_yield();              \
  sum += second##bits;                                                                   \
  while (__atomic_fetch_sub(&add##bits, 0, kAcquire) == 0) sched_yield();                \
  sum += third##bits;
  KINDS(CONSUME)
  while (__atomic_load_n(&fence_flag, __ATOMIC_RELAXED) == 0) sched_yield();
#ifdef FIXED
  __atomic_thread_fence(__ATOMIC_ACQUIRE);
#endif
  sum += fence_data;
  pthread_join(thread, 0);
  return sum == 13 ? 0 : 1;
}
EOF

# A million jumps over two frames: more than the shadow stack holds.
cat >jumps.c <<'EOF'
#include <pthread.h>
#include <setjmp.h>
static jmp_buf back;
static int shared, depth;
__attribute__((noinline)) static void jump(int n) { ++depth; longjmp(back, n); }
__attribute__((noinline)) static void middle(int n) { jump(n); ++depth; }
__attribute__((noinline)) static void afterJumps(void) { ++shared; }
static void *work(void *unused) {
  volatile int round = 0;
  setjmp(back);
  if (++round < 1000000) middle(round);
  afterJumps();
  return unused;
}
int main(void) {
  pthread_t thread;
  pthread_create(&thread, 0, work, 0);
#ifdef FIXED
  pthread_join(thread, 0);
  afterJumps();
#else
  afterJumps();
  pthread_join(thread, 0);
#endif
  return 0;
}
EOF

cat >plain.c <<'EOF'
#include <pthread.h>
void *touch_twice(void *unused);
int shared;
int main(void) {
  pthread_t thread;
  pthread_create(&thread, 0, touch_twice, 0);
  ++shared;
  pthread_join(thread, 0);
  return 0;
}
EOF
cat >mixed.c <<'EOF'
extern int shared;
void *touch_twice(void *unused) { ++shared; return unused; }
EOF

build() {  # COMPILER SOURCE OUTPUT FLAG...
  local compiler=$1 source=$2 output=$3; shift 3
  case $source in *.cpp) compiler=$(cxx_of "$compiler") ;; esac
  expect_ok "$compiler" -fsanitize=thread -g "$@" -c "$source" -o object.o
  grep -q __tsan_func_entry <(nm object.o) || fail "$compiler has not instrumented $source"
  expect_ok "$CXX" -g object.o -o "$output" -pthread
}
reports_of() { grep -c '^WARNING: DATA RACE' "$scratch/.err"; }

for compiler in "${compilers[@]}"; do
  for level in -O0 -O2; do
    build "$compiler" accesses.cpp racy "$level"
    expect_race ./racy
    for name in one two four eight sixteen real packed noisy bytes place calls; do
      expect_stderr "Global '$name'"
    done
    # Both sides with their stacks, as they are after a hundred exceptions.
    after=$(grep -A14 'afterExceptions()' "$scratch/.err")
    [ "$(grep -c 'afterExceptions()' <<<"$after")" -ge 2 ] && [ "$(grep -c 'touchAll()' <<<"$after")" -ge 2 ] ||
      fail "stacks after exceptions: $after"
    ! grep -q 'catcher()' <<<"$after" || fail "left frames in the stacks: $after"
    build "$compiler" accesses.cpp fixed "$level" -DFIXED
    expect_ok ./fixed
    expect_silent

    build "$compiler" atomics.c racy "$level"
    expect_race ./racy
    [ "$(reports_of)" -ge 13 ] || fail "$(reports_of) of 13 races"
    build "$compiler" atomics.c fixed "$level" -DFIXED
    expect_ok ./fixed
    expect_silent

    build "$compiler" jumps.c racy "$level"
    expect_race ./racy
    expect_no_stderr "middle"
    build "$compiler" jumps.c fixed "$level" -DFIXED
    expect_ok ./fixed
    expect_silent

    # One object of theirs, one of ours; and the shared runtime.
    expect_ok "$compiler" -fsanitize=thread -g "$level" -c mixed.c -o mixed.o
    expect_ok "$CC" -g "$level" plain.c mixed.o -o mixed -pthread
    expect_race ./mixed
    expect_stderr "touch_twice"
    expect_ok "$CC" --hindsight-shared-runtime -g "$level" plain.c mixed.o -o mixed -pthread
    expect_race ./mixed
  done
done
echo "${compilers[*]}"
