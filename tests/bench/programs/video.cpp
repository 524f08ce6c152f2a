// video.cpp - encodes a moving picture in blocks and decodes it again.
//
// A small hybrid coder in the manner of H.261: each 16x16 block of a frame is predicted from the
// previous reconstructed frame by motion search, the difference goes through an 8x8 cosine
// transform, a quantiser and run-length coding. Rows of blocks run in a wavefront: a row may work
// on a block when the row above is two blocks ahead, because motion vectors are predicted from
// there. Pixels are bytes, coefficients 16 bits; most accesses are narrower than a word or run over
// rows.
//
// The decoder must arrive at the encoder's reconstruction, bit by bit.
#include <algorithm>
#include <array>
#include <cmath>
#include <condition_variable>
#include <memory>
#include <mutex>

#include "../kernels/kernel.h"

namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr int kBlock = 16;
constexpr int kTransform = 8;
constexpr int kSearchRange = 7;
constexpr int kQuantiser = 16;

struct Frame {
  Frame(int width_, int height_)
      : width(width_), height(height_), pixels(static_cast<std::size_t>(width_ * height_), 128) {}

  std::uint8_t* at(int x, int y) { return &pixels[static_cast<std::size_t>(y * width + x)]; }
  const std::uint8_t* at(int x, int y) const {
    return &pixels[static_cast<std::size_t>(y * width + x)];
  }

  int width;
  int height;
  Bytes pixels;
};

struct Vector {
  std::int8_t x = 0;
  std::int8_t y = 0;
};

// --- Transform -----------------------------------------------------------------------------------

using Coefficients = std::array<std::int16_t, kTransform * kTransform>;

/// cos((2x + 1) u pi / 16) / 2 in 12 fraction bits; the first row scaled by 1/sqrt(2).
std::array<std::array<std::int32_t, kTransform>, kTransform> makeCosines() {
  std::array<std::array<std::int32_t, kTransform>, kTransform> table;
  for (int u = 0; u < kTransform; ++u) {
    for (int x = 0; x < kTransform; ++x) {
      const double scale = u == 0 ? std::sqrt(0.125) : 0.5;
      table[static_cast<std::size_t>(u)][static_cast<std::size_t>(x)] = static_cast<std::int32_t>(
          std::lround(4096 * scale * std::cos((2 * x + 1) * u * 3.14159265358979323846 / 16)));
    }
  }
  return table;
}

const auto cosines = makeCosines();

/// Rows, then columns; the inverse uses the table the other way round.
template <bool kInverse>
void transform(Coefficients& block) {
  std::array<std::int32_t, kTransform * kTransform> half;
  for (std::size_t row = 0; row < kTransform; ++row) {
    for (std::size_t u = 0; u < kTransform; ++u) {
      std::int32_t sum = 0;
      for (std::size_t x = 0; x < kTransform; ++x) {
        sum += block[row * kTransform + x] * (kInverse ? cosines[x][u] : cosines[u][x]);
      }
      half[row * kTransform + u] = (sum + 256) >> 9;  // three bits are kept for the second half
    }
  }
  for (std::size_t column = 0; column < kTransform; ++column) {
    for (std::size_t v = 0; v < kTransform; ++v) {
      std::int32_t sum = 0;
      for (std::size_t y = 0; y < kTransform; ++y) {
        sum += half[y * kTransform + column] * (kInverse ? cosines[y][v] : cosines[v][y]);
      }
      block[v * kTransform + column] = static_cast<std::int16_t>((sum + (1 << 14)) >> 15);
    }
  }
}

constexpr std::array<std::uint8_t, 64> makeZigzag() {
  std::array<std::uint8_t, 64> order{};
  int x = 0;
  int y = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    order[i] = static_cast<std::uint8_t>(y * kTransform + x);
    const bool up = (x + y) % 2 == 0;
    if (up && x == 7) {
      ++y;
    } else if (up && y == 0) {
      ++x;
    } else if (!up && y == 7) {
      ++x;
    } else if (!up && x == 0) {
      ++y;
    } else {
      x += up ? 1 : -1;
      y += up ? -1 : 1;
    }
  }
  return order;
}

constexpr auto kZigzag = makeZigzag();

// --- Coding of one block -------------------------------------------------------------------------

/// (run of zeros, level low byte, level high byte)*, 255.
void putCoefficients(const Coefficients& block, Bytes& out) {
  std::uint8_t run = 0;
  for (const std::uint8_t position : kZigzag) {
    const std::int16_t level = block[position];
    if (level == 0) {
      ++run;
      continue;
    }
    out.push_back(run);
    out.push_back(static_cast<std::uint8_t>(level & 0xff));
    out.push_back(static_cast<std::uint8_t>(level >> 8));
    run = 0;
  }
  out.push_back(255);
}

void takeCoefficients(const Bytes& in, std::size_t& position, Coefficients& block) {
  block.fill(0);
  std::size_t index = 0;
  for (;;) {
    kernel::require(position < in.size(), "end of a row");
    const std::uint8_t run = in[position++];
    if (run == 255) return;
    index += run;
    kernel::require(index < 64 && position + 2 <= in.size(), "run of coefficients");
    block[kZigzag[index++]] =
        static_cast<std::int16_t>(in[position] | static_cast<int>(in[position + 1]) << 8);
    position += 2;
  }
}

std::int16_t quantised(std::int16_t value) {
  return static_cast<std::int16_t>(value >= 0 ? (value + kQuantiser / 3) / kQuantiser
                                              : -((-value + kQuantiser / 3) / kQuantiser));
}

std::uint8_t clamped(int value) { return static_cast<std::uint8_t>(std::clamp(value, 0, 255)); }

/// Adds the dequantised, inversely transformed `block` to the prediction in `frame`.
void reconstruct(Coefficients block, Frame& frame, int x, int y) {
  for (std::int16_t& value : block) value = static_cast<std::int16_t>(value * kQuantiser);
  transform<true>(block);
  for (int row = 0; row < kTransform; ++row) {
    std::uint8_t* out = frame.at(x, y + row);
    for (int column = 0; column < kTransform; ++column) {
      out[column] =
          clamped(out[column] + block[static_cast<std::size_t>(row * kTransform + column)]);
    }
  }
}

/// Sum of absolute differences of two 16x16 blocks, given up once it is over `limit`.
int difference(const Frame& a, int ax, int ay, const Frame& b, int bx, int by, int limit) {
  int sum = 0;
  for (int row = 0; row < kBlock && sum < limit; ++row) {
    const std::uint8_t* left = a.at(ax, ay + row);
    const std::uint8_t* right = b.at(bx, by + row);
    for (int column = 0; column < kBlock; ++column) sum += std::abs(left[column] - right[column]);
  }
  return sum;
}

void predict(const Frame& reference, Vector motion, Frame& out, int x, int y) {
  for (int row = 0; row < kBlock; ++row) {
    const std::uint8_t* from = reference.at(x + motion.x, y + motion.y + row);
    std::copy_n(from, kBlock, out.at(x, y + row));
  }
}

// --- Frames --------------------------------------------------------------------------------------

/// How far each row of blocks has come. Thread safety: any thread.
class Wavefront {
 public:
  explicit Wavefront(int rows) : done_(static_cast<std::size_t>(rows)) {}

  /// Waits until row `row` has finished `blocks` blocks; row -1 always has.
  void waitFor(int row, int blocks) {
    if (row < 0) return;
    std::unique_lock lock(mutex_);
    advanced_.wait(lock, [&] { return done_[static_cast<std::size_t>(row)] >= blocks; });
  }

  void advance(int row) {
    {
      std::lock_guard lock(mutex_);
      ++done_[static_cast<std::size_t>(row)];
    }
    advanced_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable advanced_;
  std::vector<int> done_;
};

/// What both directions share: the frame before, the frame in work, the vectors, the coded rows.
class Coder {
 public:
  Coder(int width, int height, int threads)
      : current_(width, height),
        reference_(width, height),
        vectors_(static_cast<std::size_t>((width / kBlock) * (height / kBlock))),
        threads_(threads) {}

  /// Codes `frame`; the result has one string of bytes for each row of blocks.
  std::vector<Bytes> encode(const Frame& frame) {
    std::vector<Bytes> coded(static_cast<std::size_t>(rows()));
    forEachBlock([&](int column, int row) {
      encodeBlock(frame, column, row, coded[static_cast<std::size_t>(row)]);
    });
    return coded;
  }

  void decode(const std::vector<Bytes>& coded) {
    std::vector<std::size_t> positions(static_cast<std::size_t>(rows()));
    forEachBlock([&](int column, int row) {
      const auto r = static_cast<std::size_t>(row);
      decodeBlock(coded[r], positions[r], column, row);
    });
    for (std::size_t row = 0; row < coded.size(); ++row) {
      kernel::require(positions[row] == coded[row].size(), "whole row used");
    }
  }

  /// The last frame, as a viewer sees it.
  const Frame& picture() const { return reference_; }

 private:
  int rows() const { return current_.height / kBlock; }
  int columns() const { return current_.width / kBlock; }

  Vector& vectorAt(int column, int row) {
    return vectors_[static_cast<std::size_t>(row * columns() + column)];
  }

  template <typename Work>
  void forEachBlock(Work work) {
    Wavefront wavefront(rows());
    kernel::runThreads(threads_, [&](int index) {
      for (int row = index; row < rows(); row += threads_) {
        for (int column = 0; column < columns(); ++column) {
          wavefront.waitFor(row - 1, std::min(column + 2, columns()));
          work(column, row);
          wavefront.advance(row);
        }
      }
    });
    std::swap(current_, reference_);
  }

  /// Median of the neighbours' vectors, as video standards have it.
  Vector predictedVector(int column, int row) {
    const Vector left = column > 0 ? vectorAt(column - 1, row) : Vector{};
    const Vector above = row > 0 ? vectorAt(column, row - 1) : Vector{};
    const Vector right =
        row > 0 && column + 1 < columns() ? vectorAt(column + 1, row - 1) : Vector{};
    const auto median = [](std::int8_t a, std::int8_t b, std::int8_t c) {
      return std::max(std::min(a, b), std::min(std::max(a, b), c));
    };
    return {median(left.x, above.x, right.x), median(left.y, above.y, right.y)};
  }

  bool isInside(Vector motion, int x, int y) const {
    return x + motion.x >= 0 && y + motion.y >= 0 && x + motion.x + kBlock <= current_.width &&
           y + motion.y + kBlock <= current_.height;
  }

  /// Diamond search around the predicted vector and around no motion.
  Vector search(const Frame& frame, int x, int y, Vector start) {
    Vector best{};
    int least = difference(frame, x, y, reference_, x, y, 1 << 30);
    const auto tryVector = [&](Vector motion) {
      if (std::abs(motion.x) > kSearchRange || std::abs(motion.y) > kSearchRange) return false;
      if (!isInside(motion, x, y)) return false;
      const int sum = difference(frame, x, y, reference_, x + motion.x, y + motion.y, least);
      if (sum >= least) return false;
      least = sum;
      best = motion;
      return true;
    };
    tryVector(start);
    for (int step : {4, 2, 1, 1}) {
      const Vector centre = best;
      for (const auto& [dx, dy] : {std::pair{0, -1}, {0, 1}, {-1, 0}, {1, 0}}) {
        tryVector({static_cast<std::int8_t>(centre.x + dx * step),
                   static_cast<std::int8_t>(centre.y + dy * step)});
      }
    }
    return best;
  }

  void encodeBlock(const Frame& frame, int column, int row, Bytes& out) {
    const int x = column * kBlock;
    const int y = row * kBlock;
    const Vector predicted = predictedVector(column, row);
    const Vector motion = search(frame, x, y, predicted);
    vectorAt(column, row) = motion;
    out.push_back(static_cast<std::uint8_t>(motion.x - predicted.x));
    out.push_back(static_cast<std::uint8_t>(motion.y - predicted.y));
    predict(reference_, motion, current_, x, y);
    for (int part = 0; part < 4; ++part) {
      const int px = x + part % 2 * kTransform;
      const int py = y + part / 2 * kTransform;
      Coefficients block;
      for (int r = 0; r < kTransform; ++r) {
        const std::uint8_t* wanted = frame.at(px, py + r);
        const std::uint8_t* have = current_.at(px, py + r);
        for (int c = 0; c < kTransform; ++c) {
          block[static_cast<std::size_t>(r * kTransform + c)] =
              static_cast<std::int16_t>(wanted[c] - have[c]);
        }
      }
      transform<false>(block);
      for (std::int16_t& value : block) value = quantised(value);
      putCoefficients(block, out);
      reconstruct(block, current_, px, py);
    }
  }

  void decodeBlock(const Bytes& in, std::size_t& position, int column, int row) {
    const int x = column * kBlock;
    const int y = row * kBlock;
    kernel::require(position + 2 <= in.size(), "vector of a block");
    const Vector predicted = predictedVector(column, row);
    Vector motion;
    motion.x = static_cast<std::int8_t>(predicted.x + static_cast<std::int8_t>(in[position++]));
    motion.y = static_cast<std::int8_t>(predicted.y + static_cast<std::int8_t>(in[position++]));
    kernel::require(isInside(motion, x, y), "vector within the frame");
    vectorAt(column, row) = motion;
    predict(reference_, motion, current_, x, y);
    for (int part = 0; part < 4; ++part) {
      Coefficients block;
      takeCoefficients(in, position, block);
      reconstruct(block, current_, x + part % 2 * kTransform, y + part / 2 * kTransform);
    }
  }

  Frame current_;
  Frame reference_;
  std::vector<Vector> vectors_;
  int threads_;
};

/// A textured background that pans, a ball that moves across it, and noise.
Frame makeFrame(int width, int height, int number) {
  Frame frame(width, height);
  kernel::Random random(static_cast<std::uint64_t>(number) + 5);
  const int ball_x = (number * 5 + 40) % width;
  const int ball_y = height / 2 + (number * 3) % 40 - 20;
  for (int y = 0; y < height; ++y) {
    std::uint8_t* row = frame.at(0, y);
    for (int x = 0; x < width; ++x) {
      const int u = x + 2 * number;
      const int texture = ((u / 6) ^ (y / 5)) & 15;
      const int dx = x - ball_x;
      const int dy = y - ball_y;
      const int shade = dx * dx + dy * dy < 900 ? 220 - (dx * dx + dy * dy) / 9
                                                : 60 + std::abs(u % 128 - 64) + 2 * texture;
      row[x] = clamped(shade + static_cast<int>(random.next() & 3));
    }
  }
  return frame;
}

double noiseRatioDb(const Frame& a, const Frame& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.pixels.size(); ++i) {
    const double d = static_cast<double>(a.pixels[i]) - static_cast<double>(b.pixels[i]);
    sum += d * d;
  }
  return 10 * std::log10(255.0 * 255.0 * static_cast<double>(a.pixels.size()) / std::max(sum, 1.0));
}

}  // namespace

int main(int argc, char** argv) {
  const auto [threads, size] = kernel::parseArguments(argc, argv, 150);
  constexpr int kWidth = 352;
  constexpr int kHeight = 288;

  Coder encoder(kWidth, kHeight, threads);
  Coder decoder(kWidth, kHeight, threads);
  kernel::Checksum checksum;
  std::size_t coded_bytes = 0;
  for (int number = 0; number < size; ++number) {
    const Frame frame = makeFrame(kWidth, kHeight, number);
    const std::vector<Bytes> coded = encoder.encode(frame);
    decoder.decode(coded);
    kernel::require(decoder.picture().pixels == encoder.picture().pixels, "decoded picture");
    kernel::require(noiseRatioDb(frame, decoder.picture()) > 30, "quality of a picture");
    for (const Bytes& row : coded) {
      coded_bytes += row.size();
      checksum.add(std::uint64_t{row.size()});
    }
  }
  kernel::require(coded_bytes < static_cast<std::size_t>(size) * kWidth * kHeight / 4,
                  "compression");
  return kernel::finish("video", checksum);
}
