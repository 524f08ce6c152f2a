#include "platform/descriptor_table.h"

#include <fcntl.h>

#include "base/types.h"
#include "platform/syscalls.h"

namespace hindsight {

int descriptorTableSize() {
  const sptr fd = sysOpen("/proc/thread-self/status", O_RDONLY | O_CLOEXEC);
  if (syscallFailed(fd)) return 0;
  char text[1024];  // "FDSize:\t256\n" is among the first ten lines
  const sptr got = sysRead(static_cast<int>(fd), text, sizeof text);
  sysClose(static_cast<int>(fd));
  constexpr char kName[] = "\nFDSize:\t";
  constexpr sptr kLength = sizeof kName - 1;
  for (sptr at = 0; at + kLength < got; ++at) {
    if (__builtin_memcmp(text + at, kName, kLength) != 0) continue;
    int size = 0;
    for (sptr digit = at + kLength; digit < got && text[digit] >= '0' && text[digit] <= '9';
         ++digit)
      size = size * 10 + (text[digit] - '0');
    return size;
  }
  return 0;
}

}  // namespace hindsight
