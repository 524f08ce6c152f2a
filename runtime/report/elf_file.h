// elf_file.h - the sections of an executable or shared library, mapped for as long as a question
// lasts.
//
// The file is untrusted: it may be truncated, stripped or another one by now. Sections that are
// missing, compressed or reach beyond the file's end are empty.
//
// Thread safety: none. Allocation: a private mapping of the file, given back by the destructor.
#pragma once

#include "base/byte_reader.h"

namespace hindsight {

class ElfFile {
 public:
  explicit ElfFile(const char* path);
  ~ElfFile();
  ElfFile(const ElfFile&) = delete;
  ElfFile& operator=(const ElfFile&) = delete;

  /// Empty if there is no such section.
  Bytes section(const char* name) const;
  /// Offset in the module's thread-local block of the variable that covers `offset`; false if no
  /// symbol does.
  bool findThreadLocal(u64 offset, u64& start) const;

  /// What has been read of `bytes` need not stay in memory.
  static void release(Bytes bytes);

 private:
  Bytes file_;
  const void* sections_ = nullptr;  // Elf64_Shdr[section_count_]
  u32 section_count_ = 0;
  Bytes names_;
};

}  // namespace hindsight
