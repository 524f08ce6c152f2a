// Streams that lack one of the program's functions: reading, writing and positioning fail as in the C library.
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>

static ssize_t nothing(void* unused, char* buffer, size_t bytes) {
  (void)unused, (void)buffer, (void)bytes;
  return 0;
}

int main(void) {
  cookie_io_functions_t none = {NULL, NULL, NULL, NULL};
  FILE* stream = fopencookie(NULL, "r+", none);
  if (fgetc(stream) != EOF || feof(stream) || !ferror(stream)) abort();
  if (fseek(stream, 1, SEEK_SET) == 0) abort();
  fclose(stream);
  none.read = nothing;
  stream = fopencookie(NULL, "r", none);
  if (fgetc(stream) != EOF || !feof(stream) || ferror(stream)) abort();
  fclose(stream);
  stream = fopencookie(NULL, "w", none);
  if (fputs("text", stream) < 0 || fflush(stream) != EOF || !ferror(stream)) abort();
  fclose(stream);
  return 0;
}
