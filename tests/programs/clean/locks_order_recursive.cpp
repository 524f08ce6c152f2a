// A recursive mutex is taken again under another one: it was held before, so nobody waits.
#include <mutex>

#include "threads.h"

std::recursive_mutex a;
std::mutex b;

static void work() {
  a.lock();
  b.lock();
  a.lock();
  a.unlock();
  b.unlock();
  a.unlock();
}

int main() { runUnordered(work, work); }
