// The text of open_memstream is read after the thread that flushed it has been joined.
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
  runOrdered([] { fflush(stream); },
             [] {
               if (size != 0) USE_VALUE(text);
             });
  fclose(stream);
  free(text);
}
