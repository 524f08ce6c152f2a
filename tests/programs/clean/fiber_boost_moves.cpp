// A context of Boost.Context begins in one thread and goes on in another; the scheduler is not seen. Clock and
// stack travel with the context.
// TSan: false report.
// LIBS: -lboost_context
#include <boost/context/detail/fcontext.hpp>

#include <pthread.h>
#include <stdlib.h>

#include "schedule.h"

using namespace boost::context::detail;

constexpr size_t kStackBytes = 64 * 1024;
fcontext_t task;  // the scheduler's, unseen
int counter;

HINDSIGHT_TEST_UNINSTRUMENTED static void resume() { task = jump_fcontext(task, nullptr).fctx; }

__attribute__((noinline)) static transfer_t addOne(transfer_t scheduler) {
  ++counter;
  return jump_fcontext(scheduler.fctx, nullptr);
}
static void body(transfer_t scheduler) {
  scheduler = addOne(scheduler);
  addOne(scheduler);
  abort();
}

static void* firstThread(void*) {
  resume();
  stepAdvance();
  return nullptr;
}
static void* secondThread(void*) {
  stepWait(1);
  resume();
  return nullptr;
}

int main() {
  char* stack = static_cast<char*>(malloc(kStackBytes));
  task = make_fcontext(stack + kStackBytes, kStackBytes, body);
  pthread_t threads[2];
  pthread_create(&threads[0], nullptr, firstThread, nullptr);
  pthread_create(&threads[1], nullptr, secondThread, nullptr);
  pthread_join(threads[0], nullptr);
  pthread_join(threads[1], nullptr);
  free(stack);
  return counter == 2 ? 0 : 1;
}
