// omp_doacross_grid.c - ordered(2): a wavefront, each cell after its upper and its left neighbour.
// Racy: only the left neighbour is waited for.
//
// FLAGS: -std=gnu11 -fopenmp
// REQUIRES: openmp
#include <omp.h>

#include "schedule.h"

enum { kSize = 12 };

static int cells[kSize][kSize];

int main(void) {
  for (int i = 0; i < kSize; ++i) cells[0][i] = cells[i][0] = 1;
#pragma omp parallel for ordered(2) schedule(static, 1) num_threads(3)
  for (int row = 1; row < kSize; ++row)
    for (int column = 1; column < kSize; ++column) {
#pragma omp ordered  depend(sink : row, column - 1)
      cells[row][column] = (cells[row - 1][column] + cells[row][column - 1]) % 1000;
#pragma omp ordered depend(source)
    }
  return cells[1][1] == 2 ? 0 : 1;
}
