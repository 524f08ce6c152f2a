// glib.c - GLib's locks, queues, thread pools and objects, all of them in its shared libraries.
//
// The program is free of races and checks its own results, unless compiled with one of -DRACE_*: then it is
// ordered nowhere but by something that looks like the order that it lacks.
#include <glib-object.h>
#include <glib.h>

enum { kThreads = 4, kRounds = 2000 };

#define CHECK(condition) \
  if (!(condition)) g_error("%s:%d: not so: %s", __FILE__, __LINE__, #condition)

static GThread* threads[kThreads];

static void runThreads(GThreadFunc function, void* argument) {
  for (int i = 0; i < kThreads; ++i) threads[i] = g_thread_new("worker", function, argument);
  for (int i = 0; i < kThreads; ++i) g_thread_join(threads[i]);
}

// --- Locks ---------------------------------------------------------------------------------------

static GMutex mutex;
static GCond condition;
static GRecMutex recursive;
static GRWLock shared;
static gint bit_word;
static gpointer bit_pointer;
static int by_mutex, by_recursive, by_shared, by_bit, by_pointer_bit, turn;

static gpointer useLocks(gpointer unused) {
  (void)unused;
  for (int i = 0; i < kRounds; ++i) {
    if (i % 3 != 0 || !g_mutex_trylock(&mutex)) g_mutex_lock(&mutex);
    ++by_mutex;
    g_mutex_unlock(&mutex);
    g_rec_mutex_lock(&recursive);
    g_rec_mutex_lock(&recursive);
    ++by_recursive;
    g_rec_mutex_unlock(&recursive);
    g_rec_mutex_unlock(&recursive);
    if (i % 8 == 0) {
      g_rw_lock_writer_lock(&shared);
      ++by_shared;
      g_rw_lock_writer_unlock(&shared);
    } else {
      g_rw_lock_reader_lock(&shared);
      CHECK(by_shared >= 0);
      g_rw_lock_reader_unlock(&shared);
    }
    if (i % 2 == 0 || !g_bit_trylock(&bit_word, 3)) g_bit_lock(&bit_word, 3);
    ++by_bit;
    g_bit_unlock(&bit_word, 3);
    g_pointer_bit_lock(&bit_pointer, 0);
    ++by_pointer_bit;
    g_pointer_bit_unlock(&bit_pointer, 0);
  }
  return NULL;
}

static int handed_over;

static gpointer takeTurns(gpointer unused) {
  (void)unused;
  for (int i = 0; i < 50; ++i) {
    g_mutex_lock(&mutex);
    const int mine = turn;
    while (turn == mine && turn < 100)
      if (i % 2 == 0)
        g_cond_wait_until(&condition, &mutex, g_get_monotonic_time() + 1000), ++turn;
      else
        ++turn;
    ++handed_over;
    g_cond_broadcast(&condition);
    g_mutex_unlock(&mutex);
  }
  return NULL;
}

// --- Once ----------------------------------------------------------------------------------------

static int made_by_enter, made_by_once;

static gpointer makeOnce(gpointer value) {
  made_by_once = 5;
  return value;
}

static gpointer useOnce(gpointer unused) {
  static gsize entered;
  static GOnce once = G_ONCE_INIT;
  (void)unused;
  if (g_once_init_enter(&entered)) {
    made_by_enter = 4;
    g_once_init_leave(&entered, 1);
  }
  CHECK(made_by_enter == 4);
  CHECK(g_once(&once, makeOnce, &once) == &once);
  CHECK(made_by_once == 5);
  return NULL;
}

// --- Queues and pools ----------------------------------------------------------------------------

static int* newNumber(int value) {
  int* const number = g_new(int, 1);
  *number = value;
  return number;
}

static gint compareNumbers(gconstpointer a, gconstpointer b, gpointer unused) {
  (void)unused;
  return *(const int*)a - *(const int*)b;
}

static gpointer produce(gpointer queue) {
  for (int i = 1; i <= 300; ++i) {
    if (i % 4 == 0) {
      g_async_queue_push_front(queue, newNumber(i));
    } else if (i % 4 == 1) {
      g_async_queue_push_sorted(queue, newNumber(i), compareNumbers, NULL);
    } else if (i % 4 == 2) {
      g_async_queue_lock(queue);
      g_async_queue_push_unlocked(queue, newNumber(i));
      g_async_queue_unlock(queue);
    } else {
      g_async_queue_push(queue, newNumber(i));
    }
  }
  return NULL;
}

static int consume(GAsyncQueue* queue, int i) {
  int* number = NULL;
  if (i % 4 == 0) number = g_async_queue_try_pop(queue);
  if (i % 4 == 1) number = g_async_queue_timeout_pop(queue, 100);
  if (i % 4 == 2) {
    g_async_queue_lock(queue);
    number = g_async_queue_pop_unlocked(queue);
    g_async_queue_unlock(queue);
  }
  if (number == NULL) number = g_async_queue_pop(queue);
  const int value = *number;
  g_free(number);
  return value;
}

static void useQueue(void) {
  GAsyncQueue* const queue = g_async_queue_new();
  for (int i = 0; i < kThreads; ++i) threads[i] = g_thread_new("producer", produce, queue);
  long sum = 0;
  for (int i = 0; i < kThreads * 300; ++i) sum += consume(queue, i);
  for (int i = 0; i < kThreads; ++i) g_thread_join(threads[i]);
  CHECK(sum == kThreads * 300L * 301 / 2);
  g_async_queue_unref(queue);
}

static void doTask(gpointer data, gpointer results) {
  const int value = *(int*)data;
  ((int*)results)[value] = value;
  g_free(data);
}

static void usePool(gboolean exclusive) {
  int results[300] = {0};
  GThreadPool* const pool = g_thread_pool_new(doTask, results, 3, exclusive, NULL);
  for (int i = 0; i < 300; ++i) g_thread_pool_push(pool, newNumber(i), NULL);
  g_thread_pool_free(pool, FALSE, TRUE);
  for (int i = 0; i < 300; ++i) CHECK(results[i] == i);
}

// --- Objects -------------------------------------------------------------------------------------

typedef struct {
  GObject parent;
  int used[kThreads], sum;
} Counter;
typedef GObjectClass CounterClass;
static int finalized;

G_DEFINE_TYPE(Counter, counter, G_TYPE_OBJECT)

static void finalizeCounter(GObject* object) {
  Counter* const self = (Counter*)object;
  for (int i = 0; i < kThreads; ++i) self->sum += self->used[i];
  CHECK(self->sum == kThreads);
  ++finalized;
  G_OBJECT_CLASS(counter_parent_class)->finalize(object);
}

static void counter_class_init(CounterClass* class) { class->finalize = finalizeCounter; }
static void counter_init(Counter* self) { self->sum = 0; }

typedef struct {
  Counter* counter;
  int* box;
  int index;
} Share;

static void clearBox(gpointer box) {
  CHECK(((int*)box)[0] + ((int*)box)[1] + ((int*)box)[2] + ((int*)box)[3] == 6);
}

static gpointer useShare(gpointer argument) {
  Share* const share = argument;
  share->counter->used[share->index] = 1;
  share->box[share->index] = share->index;
  g_object_unref(share->counter);
  g_atomic_rc_box_release_full(share->box, clearBox);
  return NULL;
}

static void useObjects(void) {
  for (int round = 0; round < 50; ++round) {
    Share shares[kThreads];
    Counter* const counter = g_object_new(counter_get_type(), NULL);
    int* const box = g_atomic_rc_box_alloc0(kThreads * sizeof(int));
    for (int i = 0; i < kThreads; ++i) {
      shares[i] = (Share){g_object_ref(counter), g_atomic_rc_box_acquire(box), i};
      threads[i] = g_thread_new("owner", useShare, &shares[i]);
    }
    g_object_unref(counter);
    g_atomic_rc_box_release_full(box, clearBox);
    for (int i = 0; i < kThreads; ++i) g_thread_join(threads[i]);
    CHECK(finalized == round + 1);
  }
}

// --- Races that remain ---------------------------------------------------------------------------

static GMutex other_mutex;
static int unordered;

static gpointer raceMutex(gpointer which) {
  GMutex* const own = which == threads ? &mutex : &other_mutex;
  g_mutex_lock(own);
  ++unordered;  // race: each under a lock of its own
  g_mutex_unlock(own);
  return NULL;
}

static gpointer raceQueue(gpointer queue) {
  int* const number = g_async_queue_pop(queue);
  *number += 1;  // race: with what follows the push
  return NULL;
}

static void race(void) {
  GThread* const first = g_thread_new("first", raceMutex, threads);
  GThread* const second = g_thread_new("second", raceMutex, NULL);
  g_thread_join(first);
  g_thread_join(second);
  GAsyncQueue* const queue = g_async_queue_new();
  GThread* const third = g_thread_new("third", raceQueue, queue);
  int* const number = newNumber(1);
  g_async_queue_push(queue, number);
  *number += 1;
  g_thread_join(third);
  g_free(number);
  g_async_queue_unref(queue);
}

int main(int argc, char** argv) {
  (void)argv;
  runThreads(useLocks, NULL);
  CHECK(by_mutex == kThreads * kRounds && by_recursive == by_mutex && by_bit == by_mutex);
  CHECK(by_pointer_bit == by_mutex && by_shared == by_mutex / 8);
  runThreads(takeTurns, NULL);
  CHECK(handed_over == kThreads * 50);
  runThreads(useOnce, NULL);
  useQueue();
  usePool(FALSE);
  usePool(TRUE);
  useObjects();
#ifdef RACY
  race();
#else
  if (argc > 100) race();
#endif
  return 0;
}
