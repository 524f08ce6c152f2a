// strptime looks at a text up to where it says that the time ends: the rest of the line may be another thread's.
#include <clocale>
#include <cstdlib>
#include <ctime>
#include <thread>

#include "schedule.h"

static char line[] = "2024-02-29 message";

int main() {
  std::thread writer([] {
    line[12] = 'E';  // in the message
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
