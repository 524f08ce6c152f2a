// argument_list.h - the three dots of an interceptor's caller as a list that ends with the scope.
#pragma once

#include <stdarg.h>

#define HINDSIGHT_ARGUMENTS(list, last_named) \
  va_list list;                               \
  va_start(list, last_named);                 \
  const hindsight::ListEnd list##_end { &list }

namespace hindsight {

struct ListEnd {
  va_list* list;
  ~ListEnd() { va_end(*list); }
};

}  // namespace hindsight
