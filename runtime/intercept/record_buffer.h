// record_buffer.h - the strings of a record that a database function returns.
//
// They lie in the caller's buffer (functions with _r), or in one that the C library has allocated.
// Some do not: modules of the name service and getmntent answer with constants, which nobody
// writes.
//
// Thread safety: any thread, inside the runtime. Allocation: none.
#pragma once

#include "heap/heap.h"
#include "intercept/uniform.h"

namespace hindsight {

class RecordBuffer {
 public:
  /// The C library's own.
  RecordBuffer() = default;
  RecordBuffer(const void* begin, size_t bytes)
      : begin_(reinterpret_cast<uptr>(begin)), bytes_(bytes) {}

  void writesText(InterceptedCall& call, const char* text) const {
    if (holds(text)) hindsight::writesText(call, text);
  }
  /// A list of strings that ends with a null pointer.
  void writesTexts(InterceptedCall& call, char* const* list) const {
    if (!mayLook(list)) return;
    size_t count = 0;
    for (; list[count] != nullptr; ++count) writesText(call, list[count]);
    writesBytes(call, list, (count + 1) * sizeof *list);
  }
  void writesBytes(InterceptedCall& call, const void* to, size_t bytes) const {
    if (holds(to)) hindsight::writesBytes(call, to, bytes);
  }

 private:
  bool holds(const void* at) const {
    const auto address = reinterpret_cast<uptr>(at);
    if (begin_ != 0) return address - begin_ < bytes_;
    return mayLook(at) && findBlock(address) != 0;
  }

  uptr begin_ = 0;
  size_t bytes_ = 0;
};

}  // namespace hindsight
