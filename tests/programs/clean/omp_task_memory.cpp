// omp_task_memory.cpp - thousands of tasks with private copies, made, run and freed in different threads:
// libomp hands the memory of one to the next without telling anybody.
// Clean: each task uses its own copies.
//
// FLAGS: -std=c++20 -fopenmp
// REQUIRES: openmp
// ENV: KMP_BLOCKTIME=0
#include <omp.h>

#include <string>
#include <vector>

struct Block {
  int numbers[24];
};

static long total;

// A parent that is done before its child: the last child frees both.
static void spawn(int depth, Block block, std::string text) {
#pragma omp task firstprivate(depth, block, text)
  {
    block.numbers[depth] += 1;
    text += "x";
    if (depth > 0) spawn(depth - 1, block, text);
#pragma omp atomic
    total += block.numbers[depth] + static_cast<long>(text.size());
  }
}

int main() {
#pragma omp parallel num_threads(4)
  {
    std::vector<int> mine(8, omp_get_thread_num());
    for (int i = 0; i < 60; ++i) spawn(3, Block{}, std::string(40, 'a'));
#pragma omp taskwait
    for (int i = 0; i < 60; ++i) {
#pragma omp task firstprivate(mine)
      mine[0] += 1;
    }
#pragma omp barrier
#pragma omp single
    {
      Block block{};
#pragma omp taskloop firstprivate(block) num_tasks(64)
      for (int i = 0; i < 256; ++i) block.numbers[i % 24] += 1;
    }
  }
  return total == 4 * 60 * (41 + 42 + 43 + 44 + 4) ? 0 : 1;
}
