// omp_reduction_own.cpp - a reduction that the program declares, over objects with memory of their own.
// Racy: the threads add to one object.
//
// FLAGS: -std=c++20 -fopenmp
// REQUIRES: openmp
#include <omp.h>

#include <vector>

#include "schedule.h"

struct Bag {
  std::vector<int> items;
  void add(const Bag& other) { items.insert(items.end(), other.items.begin(), other.items.end()); }
};
#pragma omp declare reduction(join : Bag : omp_out.add(omp_in))

int main() {
  Bag bag;
  bag.items.reserve(4000);
#pragma omp parallel num_threads(6) shared(bag)
  {
    bag.items.push_back(omp_get_thread_num());
    barrierUninstrumented(6);
  }
  size_t all = 0;
  for (int round = 0; round < 10; ++round) {
    Bag more;
#pragma omp parallel for num_threads(6) reduction(join : more)
    for (int i = 0; i < 300; ++i) more.items.push_back(i);
    all += more.items.size();
  }
  return all == 3000 && bag.items.size() <= 6 ? 0 : 1;
}
