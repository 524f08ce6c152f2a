// recursion.cpp - search and parsing by deep and wide recursion.
//
// Many calls that do little each: n queens by backtracking, and a recursive-descent parser that
// builds and evaluates expression trees.
#include <array>
#include <atomic>
#include <memory>
#include <string>

#include "kernel.h"

namespace {

/// Places queens row by row.
class Board {
 public:
  explicit Board(int size) : size_(size) {}

  /// Number of ways to complete the board from `row` on.
  std::uint64_t countFrom(int row) {
    if (row == size_) return 1;
    std::uint64_t count = 0;
    for (int column = 0; column < size_; ++column) {
      if (!isFree(row, column)) continue;
      place(row, column, true);
      count += countFrom(row + 1);
      place(row, column, false);
    }
    return count;
  }

  void place(int row, int column, bool taken) {
    columns_[static_cast<std::size_t>(column)] = taken;
    rising_[static_cast<std::size_t>(row + column)] = taken;
    falling_[static_cast<std::size_t>(row - column + size_)] = taken;
  }

 private:
  static constexpr std::size_t kMaximum = 32;

  bool isFree(int row, int column) const {
    return !columns_[static_cast<std::size_t>(column)] &&
           !rising_[static_cast<std::size_t>(row + column)] &&
           !falling_[static_cast<std::size_t>(row - column + size_)];
  }

  int size_;
  std::array<bool, kMaximum> columns_{};
  std::array<bool, 2 * kMaximum> rising_{};
  std::array<bool, 2 * kMaximum> falling_{};
};

std::uint64_t queens(int size, int threads) {
  std::vector<std::uint64_t> counts(static_cast<std::size_t>(threads));
  std::atomic<int> next_start{0};
  kernel::runThreads(threads, [&](int index) {
    std::uint64_t count = 0;
    // A start is a choice of columns for the first two queens.
    for (int start; (start = next_start.fetch_add(1, std::memory_order_relaxed)) < size * size;) {
      const int first = start / size;
      const int second = start % size;
      if (std::abs(first - second) < 2) continue;
      Board board(size);
      board.place(0, first, true);
      board.place(1, second, true);
      count += board.countFrom(2);
    }
    counts[static_cast<std::size_t>(index)] = count;
  });
  std::uint64_t total = 0;
  for (const std::uint64_t count : counts) total += count;
  return total;
}

struct Expression {
  char operation = 'n';  // 'n' for a number, else + - or *
  std::uint64_t number = 0;
  std::unique_ptr<Expression> left;
  std::unique_ptr<Expression> right;
};
using ExpressionPointer = std::unique_ptr<Expression>;

ExpressionPointer makeOperation(char operation, ExpressionPointer left, ExpressionPointer right) {
  auto node = std::make_unique<Expression>();
  node->operation = operation;
  node->left = std::move(left);
  node->right = std::move(right);
  return node;
}

/// sum := product (('+' | '-') product)*;  product := atom ('*' atom)*;  atom := number | '(' sum
/// ')'
class Parser {
 public:
  explicit Parser(const std::string& text) : text_(text) {}

  ExpressionPointer parse() {
    ExpressionPointer result = parseSum();
    kernel::require(position_ == text_.size(), "end of an expression");
    return result;
  }

 private:
  char peek() const { return position_ < text_.size() ? text_[position_] : '\0'; }

  bool accept(char expected) {
    if (peek() != expected) return false;
    ++position_;
    return true;
  }

  ExpressionPointer parseSum() {
    ExpressionPointer left = parseProduct();
    while (true) {
      if (accept('+')) {
        left = makeOperation('+', std::move(left), parseProduct());
      } else if (accept('-')) {
        left = makeOperation('-', std::move(left), parseProduct());
      } else {
        return left;
      }
    }
  }

  ExpressionPointer parseProduct() {
    ExpressionPointer left = parseAtom();
    while (accept('*')) left = makeOperation('*', std::move(left), parseAtom());
    return left;
  }

  ExpressionPointer parseAtom() {
    if (accept('(')) {
      ExpressionPointer inner = parseSum();
      kernel::require(accept(')'), "closing bracket");
      return inner;
    }
    auto node = std::make_unique<Expression>();
    kernel::require(peek() >= '0' && peek() <= '9', "number in an expression");
    while (peek() >= '0' && peek() <= '9') {
      node->number = node->number * 10 + static_cast<std::uint64_t>(peek() - '0');
      ++position_;
    }
    return node;
  }

  const std::string& text_;
  std::size_t position_ = 0;
};

std::uint64_t evaluate(const Expression& node) {
  switch (node.operation) {
    case 'n':
      return node.number;
    case '+':
      return evaluate(*node.left) + evaluate(*node.right);
    case '-':
      return evaluate(*node.left) - evaluate(*node.right);
    default:
      return evaluate(*node.left) * evaluate(*node.right);
  }
}

/// Appends a random expression to `text` and returns its value (modulo 2^64).
std::uint64_t writeExpression(kernel::Random& random, int depth, std::string& text) {
  if (depth == 0 || random.below(8) == 0) {
    const std::uint64_t number = random.below(10'000);
    text += std::to_string(number);
    return number;
  }
  constexpr char kOperations[] = {'+', '-', '*'};
  const char operation = kOperations[random.below(3)];
  text += '(';
  const std::uint64_t left = writeExpression(random, depth - 1, text);
  text += operation;
  const std::uint64_t right = writeExpression(random, depth - 1, text);
  text += ')';
  return operation == '+' ? left + right : operation == '-' ? left - right : left * right;
}

std::uint64_t parseMany(long count, int threads) {
  std::vector<std::uint64_t> sums(static_cast<std::size_t>(threads));
  kernel::runThreads(threads, [&](int index) {
    const kernel::Slice expressions = kernel::sliceOf(count, index, threads);
    std::uint64_t sum = 0;
    for (long i = expressions.begin; i < expressions.end; ++i) {
      kernel::Random random(static_cast<std::uint64_t>(i));
      std::string text;
      const std::uint64_t expected = writeExpression(random, 8, text);
      const std::uint64_t value = evaluate(*Parser(text).parse());
      kernel::require(value == expected, "value of an expression");
      sum += value;
    }
    sums[static_cast<std::size_t>(index)] = sum;
  });
  std::uint64_t total = 0;
  for (const std::uint64_t sum : sums) total += sum;
  return total;
}

}  // namespace

int main(int argc, char** argv) {
  const auto [threads, size] = kernel::parseArguments(argc, argv, 35'000);
  constexpr int kBoardSize = 11;
  constexpr std::uint64_t kSolutions = 2680;

  const std::uint64_t solutions = queens(kBoardSize, threads);
  kernel::require(solutions == kSolutions, "number of ways to place the queens");
  kernel::Checksum checksum;
  checksum.add(solutions);
  checksum.add(parseMany(size, threads));
  return kernel::finish("recursion", checksum);
}
