// compat_java.cpp - what a Java virtual machine tells of its heap, its locks and its collector.
// Clean: locks, releases and finalizers order, also when their memory has moved; new blocks have no past.
#include "java_interface.h"
#include "schedule.h"
#include "threads.h"

/// Two objects that are handed over: `first` to `second` run one after the other, unordered but for what they do.
static void locks() {
  const JavaObject object = newObject(0), counted = newObject(64);
  runUnordered(
      [=] {
        __tsan_java_mutex_lock(object.lock);
        *object.field = 1;
        __tsan_java_mutex_unlock(object.lock);
        __tsan_java_mutex_read_lock(counted.lock);
        USE_VALUE(*counted.field);
        __tsan_java_mutex_read_unlock(counted.lock);
      },
      [=] {
        __tsan_java_mutex_lock(object.lock);
        __tsan_java_mutex_lock(object.lock);
        *object.field = 2;
        must(__tsan_java_mutex_unlock_rec(object.lock) == 2);  // Object.wait
        __tsan_java_mutex_lock_rec(object.lock, 2);
        *object.field = 3;
        __tsan_java_mutex_unlock(object.lock);
        __tsan_java_mutex_unlock(object.lock);
        __tsan_java_mutex_lock(counted.lock);
        *counted.field = 1;
        __tsan_java_mutex_unlock(counted.lock);
      });
}

static void releases() {
  const JavaObject object = newObject(128);
  int first = 0, second = 0;
  runUnordered(
      [=, &first, &second] {
        first = 1;
        __tsan_java_release(object.lock);
        second = 1;
        __tsan_java_release_store(object.lock);
      },
      [=, &first, &second] {
        __tsan_java_acquire(object.lock);
        USE_VALUE(first);
        USE_VALUE(second);
      });
}

/// The machine moves objects while a lock is free, and while one is held.
static void moves() {
  const JavaObject object = newObject(256), held = newObject(320);
  int guarded = 0, while_held = 0;
  runUnordered(
      [=, &guarded, &while_held] {
        __tsan_java_mutex_lock(object.lock);
        guarded = 1;
        __tsan_java_mutex_unlock(object.lock);
        __tsan_java_mutex_lock(held.lock);
        while_held = 1;
        moveObject(256, 256 + 16);  // the ranges overlap
        moveObject(320, 4096);
        __tsan_java_reset();
        __tsan_java_mutex_unlock(objectAt(4096).lock);
      },
      [&guarded, &while_held] {
        const JavaObject moved = objectAt(256 + 16), other = objectAt(4096);
        __tsan_java_mutex_lock(moved.lock);
        guarded = 2;
        __tsan_java_mutex_unlock(moved.lock);
        __tsan_java_mutex_lock(other.lock);
        while_held = 2;
        __tsan_java_mutex_unlock(other.lock);
        *moved.field = 1;  // what was there before is no more
      });
}

static void blocks() {
  const JavaObject object = newObject(8192);
  newObject(8192 + 32);
  unsigned long at = addressOf(java_heap) + 8192 - 512;
  const unsigned long end = addressOf(java_heap) + 8192 + 512;
  must(__tsan_java_find(&at, end) == kObjectBytes && at == addressOf(object.field));
  at += 8;
  must(__tsan_java_find(&at, end) == kObjectBytes && at == addressOf(object.field) + 32);
  runUnordered([=] { *object.field = 1; },
               [=] {
                 __tsan_java_free(addressOf(object.field), 64);  // both
                 newObject(8192);
                 *object.field = 2;
               });
  must(__tsan_java_find(&at, end) == 0);
}

static void finalizers() {
  const JavaObject object = newObject(16384);
  runUnordered([=] { *object.field = 1; },
               [=] {
                 __tsan_java_finalize();
                 *object.field = 2;
               });
  // Who is ordered after a thread that has learned of others meanwhile is ordered after those.
  hindsight_test::Step step;
  int learned = 0;
  const JavaObject lock = newObject(16384 + 64), other = newObject(16384 + 128);
  const JavaObject unused = newObject(16384 + 192);
  runThreads(
      [&] {
        step.wait(1);
        __tsan_java_release(unused.lock);  // the finalizer has not seen what follows
        learned = 1;
        __tsan_java_release(lock.lock);
        step.advance();
      },
      [&] {
        step.wait(2);
        __tsan_java_acquire(lock.lock);
        __tsan_java_release(other.lock);
        step.advance();
      },
      [&] {
        __tsan_java_finalize();
        step.advance();
        step.wait(3);
        __tsan_java_acquire(other.lock);
        USE_VALUE(learned);
      });
}

int main() {
  __tsan_java_init(addressOf(java_heap), sizeof java_heap);
  locks();
  releases();
  moves();
  blocks();
  finalizers();
  return __tsan_java_fini();
}
