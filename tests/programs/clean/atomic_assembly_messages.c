// Messages and counts of references by inline assembly: a store and a load of one instruction each, `lock decl`,
// `lock cmpxchg16b`, fences, a loop that polls, and AT&T's and Intel's spelling in one text.
// TSan: false report
// REQUIRES: arch=x86_64
#include <pthread.h>
#include <sched.h>
#include <stddef.h>
#include <stdlib.h>

struct Message {
  int text;
  int references;
};
struct Pair {
  unsigned long low, high;
} __attribute__((aligned(16)));

static struct Message* box;
static struct Pair pair;
static int behind_pair, relaxed, behind_fence, behind_dialect, polled, behind_polled;
static long dialect;

static void store(struct Message** place, struct Message* value) {
  __asm__ volatile("movq %1, %0" : "=m"(*place) : "r"(value) : "memory");
}
static struct Message* load(struct Message* const* place) {
  struct Message* value;
  __asm__ volatile("movq %1, %0" : "=r"(value) : "m"(*place) : "memory");
  return value;
}
static void drop(struct Message* message) {
  unsigned char is_last;
  __asm__ volatile("lock; decl %0; sete %1" : "+m"(message->references), "=qm"(is_last) : : "memory", "cc");
  if (is_last) free(message);
}
static int exchangePair(struct Pair* place, struct Pair expected, struct Pair desired) {
  unsigned char done;
  __asm__ volatile("lock cmpxchg16b %0; setz %1"
                   : "+m"(*place), "=q"(done), "+a"(expected.low), "+d"(expected.high)
                   : "b"(desired.low), "c"(desired.high)
                   : "memory", "cc");
  return done;
}

static void* sender(void* unused) {
  struct Message* message = malloc(sizeof *message);
  message->text = 42;
  message->references = 2;
  store(&box, message);
  behind_pair = 1;
  exchangePair(&pair, (struct Pair){0, 0}, (struct Pair){1, 1});
  behind_fence = 1;
  __asm__ volatile("mfence" : : : "memory");
  __atomic_store_n(&relaxed, 1, __ATOMIC_RELAXED);
  behind_polled = 1;
  __asm__ volatile("movl $1, %0" : "=m"(polled) : : "memory");
  behind_dialect = 1;
  __asm__ volatile("lock {incq %0|inc qword ptr %0}" : "+m"(dialect) : : "memory", "cc");
  message->text++;
  drop(message);
  return unused;
}
static void* receiver(void* unused) {
  struct Message* message;
  while ((message = load(&box)) == NULL) sched_yield();
  while (!exchangePair(&pair, (struct Pair){1, 1}, (struct Pair){2, 2})) sched_yield();
  if (behind_pair != 1) abort();
  while (__atomic_load_n(&relaxed, __ATOMIC_RELAXED) == 0) sched_yield();
  __asm__ volatile("lock; addl $0, 0(%%rsp)" : : : "memory", "cc");
  if (behind_fence != 1) abort();
  __asm__ volatile("1: cmpl $0, %0; jne 2f; pause; jmp 1b; 2:" : : "m"(polled) : "memory", "cc");
  if (behind_polled != 1) abort();
  long seen = 0;
  while (seen == 0) {
    __asm__ volatile("lock xaddq %0, %1" : "+r"(seen), "+m"(dialect) : : "memory", "cc");
    if (seen == 0) sched_yield();
  }
  if (behind_dialect != 1) abort();
  drop(message);
  return unused;
}

int main(void) {
  pthread_t threads[2];
  pthread_create(&threads[0], NULL, receiver, NULL);
  pthread_create(&threads[1], NULL, sender, NULL);
  for (int i = 0; i < 2; i++) pthread_join(threads[i], NULL);
  return 0;
}
