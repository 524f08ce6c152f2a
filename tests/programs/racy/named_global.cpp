// The report names the global variable.
// EXPECT: races=1
// EXPECT: contains "Global 'server::request_counts' of size 64"
#include "threads.h"

namespace server {
int request_counts[16];
}

int main() {
  runUnordered([] { server::request_counts[5]++; }, [] { server::request_counts[5]++; });
}
