// A flush of open_memstream writes the text and its size, which another thread reads.
// EXPECT: races>=1
#include <stdio.h>
#include <stdlib.h>

#include "threads.h"

char* text;
size_t size;
FILE* stream;

int main() {
  runThreads([] {
    stream = open_memstream(&text, &size);
    fputs("text", stream);
  });
  runUnordered([] { fflush(stream); },
               [] {
                 if (size != 0) USE_VALUE(text);
               });
  fclose(stream);
  free(text);
}
