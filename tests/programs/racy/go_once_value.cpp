// once_value gives all callers the same object. It is ordered for reading only.
// EXPECT: races=1
#include <string>

#include "hindsight/once.h"
#include "threads.h"

int main() {
  auto configuration = hindsight::once_value([] { return std::string("colour=auto"); });
  // By reference: a copy counts the owners atomically, and may order the threads.
  runUnordered([&] { const_cast<std::string&>(configuration())[0] = 'C'; },
               [&] { USE_VALUE(configuration()[0]); });
}
