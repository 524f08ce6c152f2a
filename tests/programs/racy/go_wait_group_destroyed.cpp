// A wait group that is destroyed while a worker has yet to say that it is done.
// EXPECT: races>=1
// EXPECT: contains "wait_group::add"
#include <new>

#include "hindsight/wait_group.h"
#include "threads.h"

alignas(hindsight::wait_group) char place[sizeof(hindsight::wait_group)];

int main() {
  auto* group = new (place) hindsight::wait_group;
  group->add(2);
  runUnordered([=] { group->done(); }, [=] { group->~wait_group(); });  // should wait before
}
