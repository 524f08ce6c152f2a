// What the kernel or a debugger writes into a core dump is the program's memory: shadow and the runtime's own, hundreds
// of GiB and more of address space, are left out of it.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(void) {
  const unsigned long long limit_kib = 1ull << 20;
  unsigned long long kib = 0, dumped = 0;
  char line[4096];
  FILE* maps = fopen("/proc/self/smaps", "r");
  if (maps == NULL) return 0; /* no /proc, or an emulator */
  while (fgets(line, sizeof line, maps) != NULL) {
    if (sscanf(line, "Size: %llu kB", &kib) == 1) continue;
    if (strncmp(line, "VmFlags:", 8) == 0 && strstr(line, " dd ") == NULL) dumped += kib;
  }
  fclose(maps);
  if (dumped > limit_kib) {
    fprintf(stderr, "a core dump would have %llu MiB\n", dumped >> 10);
    abort();
  }
  return 0;
}
