// byte_reader.h - reads numbers and strings from bytes that nobody vouches for.
//
// Every read checks the end. The first one past it makes the reader fail for good: from then on it
// gives zeros and empty strings, so that a loop needs to ask `ok()` once per turn only.
//
// Thread safety: none. Allocation: none.
#pragma once

#include "base/types.h"

namespace hindsight {

/// A section of a file in memory, or a part of one.
struct Bytes {
  const u8* data = nullptr;
  u64 size = 0;
};

class ByteReader {
 public:
  ByteReader() = default;
  explicit ByteReader(Bytes bytes, u64 offset = 0) : bytes_(bytes), at_(offset) {
    if (offset > bytes.size) fail();
  }

  bool ok() const { return !failed_; }
  bool atEnd() const { return at_ >= bytes_.size; }
  u64 offset() const { return at_; }
  const u8* here() const { return bytes_.data + at_; }

  void seek(u64 offset) {
    if (offset > bytes_.size)
      fail();
    else
      at_ = offset;
  }
  void skip(u64 count) {
    if (count > bytes_.size - at_)
      fail();
    else
      at_ += count;
  }

  u8 byte() { return fixed<u8>(); }
  u16 half() { return fixed<u16>(); }
  u32 word() { return fixed<u32>(); }
  u64 quad() { return fixed<u64>(); }
  /// Little-endian, of 1, 2, 3, 4 or 8 bytes.
  u64 number(u32 size) {
    u64 value = 0;
    if (size > 8 || size > bytes_.size - at_) {
      fail();
      return 0;
    }
    for (u32 i = 0; i < size; ++i) value |= static_cast<u64>(bytes_.data[at_ + i]) << (8 * i);
    at_ += size;
    return value;
  }
  /// LEB128. Bits beyond the 64th are dropped.
  u64 unsignedLeb() {
    u64 value = 0;
    for (u32 shift = 0;; shift += 7) {
      const u8 next = byte();
      if (shift < 64) value |= static_cast<u64>(next & 0x7f) << shift;
      if ((next & 0x80) == 0) return value;
    }
  }
  sptr signedLeb() {
    u64 value = 0;
    for (u32 shift = 0;;) {
      const u8 next = byte();
      if (shift < 64) value |= static_cast<u64>(next & 0x7f) << shift;
      shift += 7;
      if ((next & 0x80) != 0) continue;
      if (shift < 64 && (next & 0x40) != 0) value |= ~0ull << shift;
      return static_cast<sptr>(value);
    }
  }
  /// A string that ends with a 0 inside the bytes; "" and failure if it does not.
  const char* text() {
    const u64 begin = at_;
    while (at_ < bytes_.size && bytes_.data[at_] != 0) ++at_;
    if (at_ >= bytes_.size) {
      fail();
      return "";
    }
    ++at_;
    return reinterpret_cast<const char*>(bytes_.data + begin);
  }
  /// The next `size` bytes.
  Bytes block(u64 size) {
    const u8* const data = here();
    skip(size);
    return failed_ ? Bytes{} : Bytes{data, size};
  }
  void fail() {
    failed_ = true;
    at_ = bytes_.size;
  }

 private:
  template <class Number>
  Number fixed() {
    if (sizeof(Number) > bytes_.size - at_) {
      fail();
      return 0;
    }
    Number value;
    __builtin_memcpy(&value, bytes_.data + at_, sizeof value);
    at_ += sizeof value;
    return value;
  }

  Bytes bytes_;
  u64 at_ = 0;
  bool failed_ = false;
};

}  // namespace hindsight
