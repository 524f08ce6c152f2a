#include "platform/resident.h"

#include <fcntl.h>

#include "platform/syscalls.h"

namespace hindsight {

u64 residentPages() {
  const sptr fd = sysOpen("/proc/self/statm", O_RDONLY | O_CLOEXEC);
  if (syscallFailed(fd)) return 0;
  char text[128];
  const sptr size = sysRead(static_cast<int>(fd), text, sizeof(text));
  sysClose(static_cast<int>(fd));
  sptr at = 0;
  while (at < size && text[at] != ' ') ++at;  // "size resident ..."
  u64 pages = 0;
  for (++at; at < size && text[at] >= '0' && text[at] <= '9'; ++at)
    pages = pages * 10 + static_cast<u64>(text[at] - '0');
  return pages;
}

}  // namespace hindsight
