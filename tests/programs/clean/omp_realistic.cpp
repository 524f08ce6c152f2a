// omp_realistic.cpp - what OpenMP programs are made of: a stencil with a residual, a sort and a search by
// recursive tasks, a blocked factorisation by dependences, a histogram with locks, dynamic loops.
// Clean: all of it is synchronised. Several sizes and numbers of threads.
//
// FLAGS: -std=c++20 -fopenmp
// REQUIRES: openmp
#include <omp.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <vector>

static double jacobi(int size, int threads) {
  std::vector<double> now(size * size), next(size * size);
  for (int i = 0; i < size; ++i) now[i] = next[i] = 1;
  double residual = 1;
#pragma omp parallel num_threads(threads) default(shared)
  for (int step = 0; step < 10; ++step) {
#pragma omp barrier
#pragma omp single
    residual = 0;
#pragma omp for collapse(2) schedule(static) reduction(+ : residual)
    for (int row = 1; row < size - 1; ++row)
      for (int column = 1; column < size - 1; ++column) {
        const int at = row * size + column;
        next[at] = (now[at - 1] + now[at + 1] + now[at - size] + now[at + size]) / 4;
        residual += std::fabs(next[at] - now[at]);
      }
#pragma omp single
    std::swap(now, next);
  }
  return residual;
}

static void sortPart(int* begin, int* end) {
  if (end - begin < 32) return std::sort(begin, end);
  const int pivot = begin[(end - begin) / 2];
  int* const middle = std::partition(begin, end, [=](int n) { return n < pivot; });
  int* const upper = std::partition(middle, end, [=](int n) { return n == pivot; });
#pragma omp task
  sortPart(begin, middle);
#pragma omp task
  sortPart(upper, end);
#pragma omp taskwait
}

static long fibonacci(int n) {
  if (n < 2) return n;
  long left, right;
#pragma omp task shared(left) if (n > 6)
  left = fibonacci(n - 1);
#pragma omp task shared(right)
  right = fibonacci(n - 2);
#pragma omp taskwait
  return left + right;
}

static bool factorise(int blocks) {
  std::vector<long> tiles(blocks * blocks, 1);
  long* const tile = tiles.data();
#pragma omp parallel num_threads(4)
#pragma omp single
  for (int k = 0; k < blocks; ++k) {
#pragma omp task depend(inout : tile[k * blocks + k])
    tile[k * blocks + k] += 1;
    for (int i = k + 1; i < blocks; ++i) {
#pragma omp task depend(in : tile[k * blocks + k]) depend(inout : tile[i * blocks + k])
      tile[i * blocks + k] += tile[k * blocks + k] % 7;
    }
    for (int i = k + 1; i < blocks; ++i)
      for (int j = k + 1; j <= i; ++j) {
#pragma omp task depend(in : tile[i * blocks + k], tile[j * blocks + k]) \
    depend(inout : tile[i * blocks + j])
        tile[i * blocks + j] += tile[i * blocks + k] * tile[j * blocks + k] % 5;
      }
  }
  return tiles[0] == 2;
}

static bool histogram(int threads) {
  constexpr int kBins = 8, kValues = 800;
  int bins[kBins] = {}, largest = 0;
  omp_lock_t locks[kBins];
  for (omp_lock_t& lock : locks) omp_init_lock(&lock);
#pragma omp parallel num_threads(threads)
  {
#pragma omp for schedule(guided) nowait
    for (int i = 0; i < kValues; ++i) {
      omp_set_lock(&locks[i % kBins]);
      ++bins[i % kBins];
      omp_unset_lock(&locks[i % kBins]);
    }
#pragma omp for schedule(static, 3) lastprivate(largest)
    for (int i = 0; i < kValues; ++i) largest = i;
#pragma omp critical(check)
    if (bins[0] != kValues / kBins) largest = -1;
  }
  for (omp_lock_t& lock : locks) omp_destroy_lock(&lock);
  return largest == kValues - 1;
}

int main() {
  bool right = true;
  for (const int threads : {2, 4, 7}) {
    right &= jacobi(24, threads) > 0 && histogram(threads);
    std::vector<int> numbers(2000);
    for (int i = 0; i < 2000; ++i) numbers[i] = i * 7919 % 2003;
    long found = 0;
#pragma omp parallel num_threads(threads)
#pragma omp single
    {
      sortPart(numbers.data(), numbers.data() + numbers.size());
      found = fibonacci(12);
    }
    right &= std::is_sorted(numbers.begin(), numbers.end()) && found == 144;
  }
  right &= factorise(6);
  std::puts(right ? "right" : "wrong");
  return right ? 0 : 1;
}
