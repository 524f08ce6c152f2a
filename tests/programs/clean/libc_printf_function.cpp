// A conversion of the program's own (register_printf_specifier) prints to a stream that printf has made for the moment,
// with a buffer but without a lock. Clean: its threads share nothing but the conversion.
// FLAGS: -std=c++20 -pthread -Wno-format
#include <printf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "threads.h"

static void must(bool condition) {
  if (!condition) abort();
}

struct Point {
  int x, y;
};

int printPoint(FILE* stream, const printf_info*, const void* const* arguments) {
  const Point* point = *static_cast<const Point* const*>(arguments[0]);
  fputc('(', stream);
  const int length = fprintf(stream, "%d, %d", point->x, point->y);
  fputs(")", stream);
  return length + 2;
}

int describePoint(const printf_info*, size_t count, int* types, int*) {
  if (count > 0) types[0] = PA_POINTER;
  return 1;
}

void printEverywhere(int x) {
  const Point point = {x, 2};
  char text[64], buffer[256];
  wchar_t wide[64];
  must(snprintf(text, sizeof text, "%s %Y", "at", &point) == 9 && strcmp(text, "at (1, 2)") == 0);
  must(snprintf(text, 6, "%Y", &point) == 6 && strcmp(text, "(1, 2") == 0);
  must(swprintf(wide, 64, L"%d %d", point.x, point.y) == 3);
  char* made = nullptr;
  must(asprintf(&made, "%Y", &point) == 6);
  free(made);
  FILE* file = tmpfile();
  must(fprintf(file, "%Y", &point) == 6);
  fclose(file);
  file = tmpfile();
  setvbuf(file, buffer, _IOFBF, sizeof buffer);
  must(fprintf(file, "%Y", &point) == 6);
  fclose(file);
  file = tmpfile();
  setvbuf(file, nullptr, _IONBF, 0);
  must(fprintf(file, "%Y", &point) == 6);
  fclose(file);
}

int main() {
  register_printf_specifier('Y', printPoint, describePoint);
  runThreads([] { printEverywhere(1); }, [] { printEverywhere(1); });
}
