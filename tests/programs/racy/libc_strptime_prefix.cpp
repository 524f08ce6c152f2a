// strptime looks at a text up to where it says that the time ends: a write there by another thread races with it.
#include <clocale>
#include <cstdlib>
#include <ctime>
#include <thread>

#include "schedule.h"

static char line[] = "2024-02-29 message";

int main() {
  std::thread writer([] {
    line[9] = '9';  // the day
    stepAdvance();
  });
  std::thread reader([] {
    stepWait(1);
    tm day{};
    if (strptime(line, "%Y-%m-%d", &day) != line + 10 || day.tm_mday != 29) abort();
    if (strptime_l(line, "%Y", &day, newlocale(LC_ALL_MASK, "C", nullptr)) != line + 4) abort();
  });
  writer.join();
  reader.join();
}
