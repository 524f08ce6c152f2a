// compat_java.cpp - what a Java virtual machine tells of its heap, its locks and its collector.
// Racy: no lock; two readers; a release that another has taken the place of; what follows a finalizer; a lock
// that is not the one that has moved.
// EXPECT: races=5
#include "java_interface.h"
#include "schedule.h"
#include "threads.h"

static void noLock() {
  const JavaObject object = newObject(0);
  runUnordered([=] { *object.field = 1; }, [=] { *object.field = 2; });
}

static void readers() {
  const JavaObject object = newObject(64);
  const auto write = [=] {
    __tsan_java_mutex_read_lock(object.lock);
    *object.field += 1;
    __tsan_java_mutex_read_unlock(object.lock);
  };
  runUnordered(write, [=] {
    __tsan_java_mutex_read_lock(object.lock);
    *object.field = 2;
    __tsan_java_mutex_read_unlock(object.lock);
  });
}

static void replacedRelease() {
  const JavaObject object = newObject(128);
  int data = 0;
  hindsight_test::Step step;
  runThreads(
      [&] {
        data = 1;
        __tsan_java_release(object.lock);
        step.advance();
      },
      [&] {
        step.wait(1);
        __tsan_java_release_store(object.lock);
        step.advance();
      },
      [&] {
        step.wait(2);
        __tsan_java_acquire(object.lock);
        USE_VALUE(data);
      });
}

static void afterFinalize() {
  const JavaObject object = newObject(192);
  hindsight_test::Step step;
  runThreads(
      [&] {
        *object.field = 1;
        step.advance();
        step.wait(2);
        __tsan_java_release(object.lock);
        *object.field = 2;
        step.advance();
      },
      [&] {
        step.wait(1);
        __tsan_java_finalize();
        step.advance();
        step.wait(3);
        *object.field = 3;
      });
}

static void moved() {
  const JavaObject object = newObject(256);
  int data = 0;
  runUnordered(
      [=, &data] {
        __tsan_java_mutex_lock(object.lock);
        data = 1;
        __tsan_java_mutex_unlock(object.lock);
        moveObject(256, 1024);
      },
      [=, &data] {
        __tsan_java_mutex_lock(object.lock);
        data = 2;
        __tsan_java_mutex_unlock(object.lock);
      });
}

int main() {
  __tsan_java_init(addressOf(java_heap), sizeof java_heap);
  noLock();
  readers();
  replacedRelease();
  afterFinalize();
  moved();
  must(__tsan_java_fini() == 66);
  return 0;
}
