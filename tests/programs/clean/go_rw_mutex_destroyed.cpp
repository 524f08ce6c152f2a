// Whoever gets the lock last destroys it.
#include "hindsight/rw_mutex.h"
#include "threads.h"

struct Object {
  hindsight::rw_mutex mutex;
  int owners = 3;
};

void leave(Object* object) {
  object->mutex.lock();
  const bool last = --object->owners == 0;
  object->mutex.unlock();
  if (last) delete object;
}

int main() {
  for (int round = 0; round < 50; round++) {
    auto* object = new Object;
    runThreadsIndexed(3, [=](int) { leave(object); });
  }
}
