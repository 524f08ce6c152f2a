#include "report/elf_file.h"

#include <elf.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "base/text.h"
#include "platform/syscalls.h"

namespace hindsight {
namespace {

Bytes contentsOf(Bytes file, const Elf64_Shdr& section) {
  if (section.sh_type == SHT_NOBITS || (section.sh_flags & SHF_COMPRESSED) != 0) return {};
  if (section.sh_offset > file.size || section.sh_size > file.size - section.sh_offset) return {};
  return {file.data + section.sh_offset, section.sh_size};
}

}  // namespace

ElfFile::ElfFile(const char* path) {
  const sptr fd = sysOpen(path, O_RDONLY | O_CLOEXEC);
  if (syscallFailed(fd)) return;
  struct stat status = {};
  const bool known = !syscallFailed(sysFstat(static_cast<int>(fd), &status));
  const size_t size = static_cast<size_t>(status.st_size);
  if (known && size >= sizeof(Elf64_Ehdr)) {
    const sptr mapped = sysMmap(nullptr, size, PROT_READ, MAP_PRIVATE, static_cast<int>(fd), 0);
    if (!syscallFailed(mapped)) file_ = {reinterpret_cast<const u8*>(mapped), size};
  }
  sysClose(static_cast<int>(fd));
  if (file_.size == 0) return;

  const auto& header = *reinterpret_cast<const Elf64_Ehdr*>(file_.data);
  if (__builtin_memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 ||
      header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_ident[EI_DATA] != ELFDATA2LSB ||
      header.e_shentsize != sizeof(Elf64_Shdr) || header.e_shoff % alignof(Elf64_Shdr) != 0 ||
      header.e_shoff > size || header.e_shnum > (size - header.e_shoff) / sizeof(Elf64_Shdr) ||
      header.e_shstrndx >= header.e_shnum)
    return;
  sections_ = file_.data + header.e_shoff;
  section_count_ = header.e_shnum;
  names_ = contentsOf(file_, static_cast<const Elf64_Shdr*>(sections_)[header.e_shstrndx]);
}

ElfFile::~ElfFile() {
  if (file_.size != 0) sysMunmap(const_cast<u8*>(file_.data), file_.size);
}

Bytes ElfFile::section(const char* name) const {
  const auto* sections = static_cast<const Elf64_Shdr*>(sections_);
  for (u32 i = 0; i < section_count_; ++i)
    if (textEqual(ByteReader(names_, sections[i].sh_name).text(), name))
      return contentsOf(file_, sections[i]);
  return {};
}

void ElfFile::release(Bytes bytes) {
  const uptr begin = roundUp(reinterpret_cast<uptr>(bytes.data), kPageSize);
  const uptr end = roundDown(reinterpret_cast<uptr>(bytes.data + bytes.size), kPageSize);
  if (begin < end) sysMadvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTNEED);
}

bool ElfFile::findThreadLocal(u64 offset, u64& start) const {
  const Bytes symbols = section(".symtab");
  for (ByteReader reader(symbols); symbols.size - reader.offset() >= sizeof(Elf64_Sym);) {
    Elf64_Sym symbol;
    __builtin_memcpy(&symbol, reader.here(), sizeof symbol);
    reader.skip(sizeof symbol);
    if (ELF64_ST_TYPE(symbol.st_info) != STT_TLS || symbol.st_shndx == SHN_UNDEF) continue;
    if (offset - symbol.st_value >= symbol.st_size) continue;
    start = symbol.st_value;
    return true;
  }
  return false;
}

}  // namespace hindsight
