// libc_results.cpp - intercepted functions return what they always did, with the errno they set.
// Clean: one thread; a wrong result aborts.
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

static void must(bool condition) {
  if (!condition) abort();
}

template <class T>
T opaque(T value) {  // the compiler must call the function
  volatile T copy = value;
  return copy;
}

static void checkStrings() {
  char buffer[64];
  const char* text = opaque("hello, world");
  must(strlen(text) == 12 && strnlen(text, 5) == 5);
  must(strcmp(strcpy(buffer, text), text) == 0 && strncmp(text, "help", 3) == 0);
  must(strchr(text, 'w') == text + 7 && strrchr(text, 'o') == text + 8);
  must(strstr(text, "world") == text + 7 && strstr(text, "word") == nullptr);
  must(strspn(text, "ehl") == 4 && strcspn(text, " ") == 6 && strpbrk(text, "xyz") == nullptr);
  must(memchr(text, 0, 13) == text + 12 && memcmp(text, "hello!", 6) > 0);
  must(strcmp(strcat(buffer, "!"), "hello, world!") == 0);
  must(strcasecmp(text, "HELLO, world") == 0 && strncasecmp(text, "HELP", 4) < 0);
  char* state = nullptr;
  must(strcmp(strtok_r(buffer, ", ", &state), "hello") == 0);
  must(strcmp(strtok_r(nullptr, ", ", &state), "world!") == 0);
  must(strtok_r(nullptr, ", ", &state) == nullptr);
  char* copy = strdup(text);
  must(strcmp(copy, text) == 0);
  free(copy);
  must(wcslen(opaque(L"wide")) == 4 && wmemcmp(L"ab", L"ac", 2) < 0);
}

static void checkNumbers() {
  char* end;
  must(strtol(opaque("-12x"), &end, 10) == -12 && *end == 'x');
  must(atoi(opaque("77")) == 77 && strtod(opaque("2.5e1"), nullptr) == 25.0);
  errno = 0;
  must(strtol(opaque("99999999999999999999"), nullptr, 10) > 0 && errno == ERANGE);
  char buffer[32];
  must(snprintf(buffer, 4, "%s%d", "ab", 123) == 5 && strcmp(buffer, "ab1") == 0);
  must(sprintf(buffer, "%5.1f|%-4c|%lx", 3.14, 'x', 255ul) == 13);
  int number = 0;
  char word[8];
  must(sscanf("42 word", "%d %7s", &number, word) == 2 && number == 42);
}

static void checkErrors() {
  char byte;
  errno = 0;
  must(read(-1, &byte, 1) == -1 && errno == EBADF);
  must(open("/no/such/file", O_RDONLY) == -1 && errno == ENOENT);
  errno = ERANGE;
  must(strlen(opaque("text")) == 4 && errno == ERANGE);
  const int fd = open("/dev/null", O_WRONLY);
  must(fd >= 0 && write(fd, "x", 1) == 1 && close(fd) == 0);
  must(close(fd) == -1 && errno == EBADF);
  int ends[2];
  must(pipe(ends) == 0 && fcntl(ends[0], F_SETFL, O_NONBLOCK) == 0);
  must(read(ends[0], &byte, 1) == -1 && errno == EAGAIN);
}

int main() {
  checkStrings();
  checkNumbers();
  checkErrors();
  return 0;
}
