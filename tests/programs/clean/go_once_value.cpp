// Reading what once_value gives, and once_func's effects, in any number of threads.
#include <string>

#include "hindsight/once.h"
#include "threads.h"

int started;

int main() {
  auto configuration = hindsight::once_value([] { return std::string("colour=auto"); });
  auto start = hindsight::once_func([] { started++; });
  runThreadsIndexed(4, [=](int) {
    start();
    if (started != 1) abort();
    std::string mine = configuration();
    mine[0] = 'C';
    USE_VALUE(mine[0]);
  });
}
