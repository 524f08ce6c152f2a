// As the clean twin, but: what is sent changes after the store; what has been counted down is read; the two sides of the
// pair are other objects; nothing fences; an instruction without `lock`, and an empty text, order nothing.
// EXPECT: races=5
// EXPECT: at=SENT
// EXPECT: at=DROPPED
// EXPECT: at=PAIR
// EXPECT: at=FENCE
// EXPECT: at=PLAIN
// REQUIRES: arch=x86_64
#include <pthread.h>
#include <stddef.h>

#include "schedule.h"

struct Message {
  int text, comment;
  int references;
};
struct Pair {
  unsigned long low, high;
} __attribute__((aligned(16)));

struct Message message = {0, 0, 2};
struct Message* box;
struct Pair pairs[2];
int behind_pair, relaxed, behind_fence, behind_plain;
long plain;

static void store(struct Message** place, struct Message* value) {
  __asm__ volatile("movq %1, %0" : "=m"(*place) : "r"(value) : "memory");
}
struct Message* load(struct Message* const* place) {
  struct Message* value;
  __asm__ volatile("movq %1, %0" : "=r"(value) : "m"(*place) : "memory");
  return value;
}
static void drop(struct Message* dropped) {
  __asm__ volatile("lock; decl %0" : "+m"(dropped->references) : : "memory", "cc");
}
static void exchangePair(struct Pair* place, struct Pair expected, struct Pair desired) {
  __asm__ volatile("lock cmpxchg16b %0"
                   : "+m"(*place), "+a"(expected.low), "+d"(expected.high)
                   : "b"(desired.low), "c"(desired.high)
                   : "memory", "cc");
}

static void* sender(void* unused) {
  __asm__ volatile("incq %0" : "+m"(plain) : : "memory", "cc");
  __asm__ volatile("" : "+m"(plain) : : "memory");
  behind_plain = 1;
  __asm__ volatile("incq %0" : "+m"(plain) : : "memory", "cc");
  __asm__ volatile("" : "+m"(plain) : : "memory");
  behind_fence = 1;
  __atomic_store_n(&relaxed, 1, __ATOMIC_RELAXED);
  behind_pair = 1;
  exchangePair(&pairs[0], (struct Pair){0, 0}, (struct Pair){1, 1});
  store(&box, &message);
  message.text = 43;
  drop(&message);
  message.comment = 1;
  stepAdvance();
  return unused;
}
static void* receiver(void* unused) {
  stepWait(1);
  __asm__ volatile("incq %0" : "+m"(plain) : : "memory", "cc");
  __asm__ volatile("" : "+m"(plain) : : "memory");
  USE_VALUE(behind_plain); // at: PLAIN
  (void)__atomic_load_n(&relaxed, __ATOMIC_RELAXED);
  USE_VALUE(behind_fence); // at: FENCE
  exchangePair(&pairs[1], (struct Pair){1, 1}, (struct Pair){2, 2});
  USE_VALUE(behind_pair); // at: PAIR
  struct Message* const got = load(&box);
  USE_VALUE(got->text); // at: SENT
  drop(got);
  USE_VALUE(got->comment); // at: DROPPED
  return unused;
}

int main(void) {
  pthread_t threads[2];
  pthread_create(&threads[0], NULL, receiver, NULL);
  pthread_create(&threads[1], NULL, sender, NULL);
  for (int i = 0; i < 2; i++) pthread_join(threads[i], NULL);
  return 0;
}
