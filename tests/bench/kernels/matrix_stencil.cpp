// matrix_stencil.cpp - dense matrix product, then a five-point stencil with a barrier per sweep.
//
// Array loops with computable bounds: the kind of code where checks can be merged into ranges.
#include <barrier>
#include <utility>

#include "kernel.h"

namespace {

class Matrix {
 public:
  Matrix(long rows, long columns)
      : rows_(rows), columns_(columns), cells_(static_cast<std::size_t>(rows * columns)) {}

  long rows() const { return rows_; }
  long columns() const { return columns_; }
  double* row(long index) { return cells_.data() + index * columns_; }
  const double* row(long index) const { return cells_.data() + index * columns_; }

 private:
  long rows_;
  long columns_;
  std::vector<double> cells_;
};

/// Small integers, so that products and sums are exact in double.
void fillWithIntegers(Matrix& matrix, kernel::Random& random) {
  for (long i = 0; i < matrix.rows(); ++i) {
    for (long j = 0; j < matrix.columns(); ++j) {
      matrix.row(i)[j] = static_cast<double>(random.below(17)) - 8.0;
    }
  }
}

/// Rows [rows.begin, rows.end) of product = a * b.
void multiplyRows(const Matrix& a, const Matrix& b, Matrix& product, kernel::Slice rows) {
  for (long i = rows.begin; i < rows.end; ++i) {
    double* out = product.row(i);
    for (long k = 0; k < a.columns(); ++k) {
      const double factor = a.row(i)[k];
      const double* in = b.row(k);
      for (long j = 0; j < b.columns(); ++j) out[j] += factor * in[j];
    }
  }
}

std::vector<double> times(const Matrix& matrix, const std::vector<double>& vector) {
  std::vector<double> result(static_cast<std::size_t>(matrix.rows()));
  for (long i = 0; i < matrix.rows(); ++i) {
    double sum = 0;
    for (long j = 0; j < matrix.columns(); ++j) {
      sum += matrix.row(i)[j] * vector[static_cast<std::size_t>(j)];
    }
    result[static_cast<std::size_t>(i)] = sum;
  }
  return result;
}

/// Freivalds' check: a * (b * x) must equal product * x.
bool isProduct(const Matrix& a, const Matrix& b, const Matrix& product) {
  kernel::Random random(99);
  std::vector<double> x(static_cast<std::size_t>(b.columns()));
  for (double& value : x) value = static_cast<double>(random.below(3)) - 1.0;
  return times(a, times(b, x)) == times(product, x);
}

void relaxRows(const Matrix& from, Matrix& to, kernel::Slice rows) {
  for (long i = rows.begin; i < rows.end; ++i) {
    if (i == 0 || i == from.rows() - 1) continue;
    const double* above = from.row(i - 1);
    const double* here = from.row(i);
    const double* below = from.row(i + 1);
    double* out = to.row(i);
    for (long j = 1; j < from.columns() - 1; ++j) {
      out[j] = 0.2 * (here[j] + here[j - 1] + here[j + 1] + above[j] + below[j]);
    }
  }
}

Matrix product(long size, int threads) {
  kernel::Random random(1);
  Matrix a(size, size);
  Matrix b(size, size);
  Matrix result(size, size);
  fillWithIntegers(a, random);
  fillWithIntegers(b, random);
  kernel::runThreads(threads, [&](int index) {
    multiplyRows(a, b, result, kernel::sliceOf(size, index, threads));
  });
  kernel::require(isProduct(a, b, result), "matrix product");
  return result;
}

/// Heat flows in from the upper edge, which stays at 1.
Matrix stencil(long size, int sweeps, int threads) {
  Matrix first(size, size);
  Matrix second(size, size);
  for (long j = 0; j < size; ++j) first.row(0)[j] = second.row(0)[j] = 1.0;
  std::barrier sweep_done(threads);
  kernel::runThreads(threads, [&](int index) {
    Matrix* from = &first;
    Matrix* to = &second;
    for (int sweep = 0; sweep < sweeps; ++sweep) {
      relaxRows(*from, *to, kernel::sliceOf(size, index, threads));
      std::swap(from, to);
      sweep_done.arrive_and_wait();
    }
  });
  return sweeps % 2 == 0 ? first : second;
}

}  // namespace

int main(int argc, char** argv) {
  const auto [threads, size] = kernel::parseArguments(argc, argv, 1100);
  constexpr int kSweeps = 100;

  kernel::Checksum checksum;
  const Matrix multiplied = product(size, threads);
  for (long i = 0; i < size; ++i) checksum.add(multiplied.row(i)[i]);

  const Matrix heat = stencil(size, kSweeps, threads);
  for (long i = 0; i < size; ++i) {
    for (long j = 0; j < size; ++j) {
      kernel::require(heat.row(i)[j] >= 0.0 && heat.row(i)[j] <= 1.0, "maximum principle");
      checksum.add(heat.row(i)[j]);
    }
  }
  return kernel::finish("matrix_stencil", checksum);
}
