// An atomic object that was stored to with release is written plainly and stored to again: who reads the
// last store is ordered after all of it. A plain write to an object that synchronises by annotation, or
// to a neighbour of an atomic object, ends no clock.
#include "threads.h"

extern "C" {
void AnnotateHappensBefore(const char* file, int line, const volatile void* object);
void AnnotateHappensAfter(const char* file, int line, const volatile void* object);
}

int flag, described, data_1, data_2, data_3;
struct {
  char flag, neighbour;
} bytes;

int main() {
  hindsight_test::Step step;
  runThreads(
      [&] {
        __atomic_store_n(&flag, 1, __ATOMIC_RELEASE);
        data_1 = 1;
        flag = 2;
        __atomic_store_n(&flag, 3, __ATOMIC_RELEASE);
        data_2 = 1;
        AnnotateHappensBefore(__FILE__, __LINE__, &described);
        described = 1;
        data_3 = 1;
        __atomic_store_n(&bytes.flag, 1, __ATOMIC_RELEASE);
        bytes.neighbour = 1;
        step.advance();
      },
      [&] {
        step.wait(1);
        USE_VALUE(__atomic_load_n(&flag, __ATOMIC_ACQUIRE));
        USE_VALUE(data_1);
      },
      [&] {
        step.wait(1);
        AnnotateHappensAfter(__FILE__, __LINE__, &described);
        USE_VALUE(data_2);
      },
      [&] {
        step.wait(1);
        USE_VALUE(__atomic_load_n(&bytes.flag, __ATOMIC_ACQUIRE));
        USE_VALUE(data_3);
      });
}
