#include "platform/mappings.h"

#include <fcntl.h>

#include "platform/syscalls.h"

namespace hindsight {

bool forEachMapping(void (*visit)(uptr begin, uptr end, void* argument), void* argument) {
  const sptr fd = sysOpen("/proc/self/maps", O_RDONLY | O_CLOEXEC);
  if (syscallFailed(fd)) return false;
  char buffer[1024];
  uptr begin = 0, value = 0;
  sptr got;
  enum { InBegin, InEnd, InRest } state = InBegin;
  while ((got = sysRead(static_cast<int>(fd), buffer, sizeof(buffer))) > 0) {
    for (sptr i = 0; i < got; ++i) {
      const char c = buffer[i];
      if (c == '\n') {
        state = InBegin;
        value = 0;
      } else if (state == InBegin && c == '-') {
        begin = value;
        value = 0;
        state = InEnd;
      } else if (state == InEnd && c == ' ') {
        visit(begin, value, argument);
        state = InRest;
      } else if (state != InRest) {
        value = value << 4 | static_cast<uptr>(c <= '9' ? c - '0' : c - 'a' + 10);
      }
    }
  }
  sysClose(static_cast<int>(fd));
  return got == 0;
}

}  // namespace hindsight
