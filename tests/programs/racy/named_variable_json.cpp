// Variable, element, member and declaration in JSON: of a global and of a local.
// ENV: HINDSIGHT=log_format=json
// EXPECT: reports=0
// EXPECT: matches "\"kind\":\"global\",.*\"name\":\"table\",.*\"offset\":40,\"variable\":\{\"path\":\"table\[2\].second\",\"file\":\"[^\"]*named_variable_json.cpp\",\"line\":12\}"
// EXPECT: matches "\"kind\":\"stack\",.*\"variable\":\{\"path\":\"pairs\[1\].second\",\"function\":\"main\(\)\",\"file\":\"[^\"]*named_variable_json.cpp\",\"line\":15\}"
#include "threads.h"

struct Pair {
  int first;
  long second;
};
Pair table[4];

int main() {
  Pair pairs[2];
  Pair* const pair = &pairs[1];
  runUnordered([] { table[2].second = 1; }, [] { table[2].second = 2; });
  runUnordered([pair] { pair->second = 1; }, [pair] { pair->second = 2; });
  USE_VALUE(pairs);
}
