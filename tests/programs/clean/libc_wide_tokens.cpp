// wcstok looks at a text up to the end of the token, and no further: the rest may be another thread's.
#include <cstdlib>
#include <cwchar>
#include <thread>

#include "schedule.h"

static wchar_t text[] = L"first second";

int main() {
  std::thread writer([] {
    text[8] = L'x';  // in the second word
    stepAdvance();
  });
  std::thread reader([] {
    stepWait(1);
    wchar_t* rest;
    const wchar_t* const token = std::wcstok(text, L" ", &rest);
    if (std::wcscmp(token, L"first") != 0 || rest != text + 6) abort();
  });
  writer.join();
  reader.join();
}
