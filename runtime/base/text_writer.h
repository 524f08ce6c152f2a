// text_writer.h - builds a message in memory, piece by piece, to be written with one system call.
//
// Grows by doubling, through the arena. The text is always followed by a 0 that size() does not
// count, so data() is a C string.
//
// Thread safety: none; a writer belongs to one thread. Allocation: arena, freed by the destructor.
#pragma once

#include "base/arena.h"
#include "base/text.h"
#include "base/types.h"

namespace hindsight {

class TextWriter {
 public:
  TextWriter() = default;
  ~TextWriter() {
    if (data_ != nullptr) arenaFree(data_, capacity_);
  }
  TextWriter(const TextWriter&) = delete;
  TextWriter& operator=(const TextWriter&) = delete;

  TextWriter& character(char c) {
    reserve(1);
    data_[size_++] = c;
    data_[size_] = 0;
    return *this;
  }
  TextWriter& text(const char* text, size_t length) {
    reserve(length);
    // NOLINTNEXTLINE(clang-analyzer-core.NullDereference): there is room for no less than a null
    for (size_t i = 0; i < length; ++i) data_[size_ + i] = text[i];
    size_ += length;
    data_[size_] = 0;
    return *this;
  }
  TextWriter& text(const char* text) { return this->text(text, textLength(text)); }
  TextWriter& decimal(u64 value) {
    char digits[20];
    size_t first = sizeof(digits);
    do {
      digits[--first] = static_cast<char>('0' + value % 10);
      value /= 10;
    } while (value != 0);
    return text(digits + first, sizeof(digits) - first);
  }
  TextWriter& signedDecimal(sptr value) {
    if (value >= 0) return decimal(static_cast<u64>(value));
    return character('-').decimal(0 - static_cast<u64>(value));
  }
  /// Lower-case digits, at least `width` of them, no prefix.
  TextWriter& hexDigits(u64 value, u32 width = 1) {
    for (u32 digit = 16; digit-- > 0;) {
      const u32 nibble = static_cast<u32>(value >> (4 * digit)) & 15;
      if (digit < width || (value >> (4 * digit)) != 0) character("0123456789abcdef"[nibble]);
    }
    return *this;
  }
  /// With 0x in front.
  TextWriter& hex(u64 value) { return text("0x").hexDigits(value); }

  const char* data() const { return data_ != nullptr ? data_ : ""; }
  size_t size() const { return size_; }
  void clear() { truncate(0); }
  /// Drops everything after the first `size` bytes.
  void truncate(size_t size) {
    if (data_ == nullptr) return;
    size_ = size;
    data_[size_] = 0;
  }

 private:
  void reserve(size_t more) {
    if (size_ + more + 1 <= capacity_) return;
    const size_t capacity = max<size_t>(max<size_t>(256, 2 * capacity_), size_ + more + 1);
    char* data = static_cast<char*>(arenaAllocate(capacity));
    for (size_t i = 0; i < size_; ++i) data[i] = data_[i];
    if (data_ != nullptr) arenaFree(data_, capacity_);
    data_ = data;
    capacity_ = capacity;
  }

  char* data_ = nullptr;
  size_t size_ = 0;
  size_t capacity_ = 0;
};

}  // namespace hindsight
