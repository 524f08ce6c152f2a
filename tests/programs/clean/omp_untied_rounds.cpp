// omp_untied_rounds.cpp - many small untied tasks, each of several parts that any thread may run, over the
// same cells in round after round.
// Clean: a round waits for its tasks.
//
// FLAGS: -std=c++20 -fopenmp
// REQUIRES: openmp
#include <omp.h>

#include <memory>
#include <vector>

namespace {

constexpr int kTasks = 12, kRounds = 60;

struct Cell {
  int parts = 0;
  int ends = 0;
};
Cell cells[kTasks];

/// Private to a task, ends with it.
struct Guard {
  explicit Guard(Cell& guarded) : cell(&guarded), steps(std::make_shared<int>(0)) {}
  Guard(const Guard& other) : cell(other.cell), steps(std::make_shared<int>(*other.steps)), is_copy(true) {}
  Guard& operator=(const Guard&) = delete;
  ~Guard() {
    if (is_copy) cell->ends += *steps;
  }
  void step() const {
    cell->parts += 1;
    *steps += 1;
  }
  Cell* cell;
  std::shared_ptr<int> steps;
  bool is_copy = false;
};

void createTask(int i) {
  Guard guard(cells[i]);
#pragma omp task untied firstprivate(guard)
  {
    guard.step();
#pragma omp taskyield
    guard.step();
    // Without a scheduling point: libomp may run the task that waits for it on top of it there, and hangs.
#pragma omp task untied firstprivate(i)
    cells[i].parts += 2;
#pragma omp taskwait
    guard.step();
  }
}

void createDependentTasks(int i) {
#pragma omp task untied firstprivate(i) depend(out : cells[i])
  {
    cells[i].parts += 1;
#pragma omp taskyield
    cells[i].parts += 1;
  }
#pragma omp task untied firstprivate(i) depend(inout : cells[i])
  {
    cells[i].parts += 2;
#pragma omp taskyield
    cells[i].parts += 1;
  }
}

void oneRound(int round) {
  switch (round % 4) {
    case 0:
      for (int i = 0; i < kTasks; ++i) createTask(i);
#pragma omp taskwait
      return;
    case 1:
#pragma omp taskgroup
      for (int i = 0; i < kTasks; ++i) createTask(i);
      return;
    case 2:
      for (int i = 0; i < kTasks; ++i) createDependentTasks(i);
      return;  // the barrier waits
    default: {
      std::vector<int> steps{1, 4};
#pragma omp taskloop untied grainsize(1) firstprivate(steps)
      for (int i = 0; i < kTasks; ++i) {
        cells[i].parts += steps[0]--;
#pragma omp taskyield
        cells[i].parts += steps[1] + steps[0];
      }
    }
  }
}

}  // namespace

int main() {
  bool right = true;
#pragma omp parallel num_threads(4)
  for (int round = 0; round < kRounds; ++round) {
#pragma omp single
    {
      for (const Cell& cell : cells) right &= cell.parts == 5 * round;
      oneRound(round);
    }
  }
  for (const Cell& cell : cells) right &= cell.parts == 5 * kRounds;
  return right ? 0 : 1;
}
