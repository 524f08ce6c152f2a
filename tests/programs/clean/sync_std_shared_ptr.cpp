// sync_std_shared_ptr.cpp - the last owner of a shared_ptr deletes what others have used.
// Clean: the decrement of the count orders every use before the deletion.
#include <memory>

#include "schedule.h"
#include "threads.h"

struct Object {
  ~Object() { uses = -1; }
  int uses = 0;
  int other_uses = 0;
};

int main() {
  auto first = std::make_shared<Object>();
  auto second = first;
  runThreads(
      [&] {
        Object* object = first.get();
        ++object->uses;
        first.reset();
        stepAdvance();
      },
      [&] {
        ++second->other_uses;
        stepWait(1);
        second.reset();
      });
  return 0;
}
