#include "text_size.h"

#include <elf.h>

#include <cstring>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <vector>

namespace bench {
namespace {

/// A copy of the `T` at `offset`, so that alignment does not matter.
template <typename T>
T readAt(const std::vector<char>& file, std::uint64_t offset) {
  if (offset > file.size() || file.size() - offset < sizeof(T)) {
    throw std::runtime_error("truncated ELF file");
  }
  T result;
  std::memcpy(&result, file.data() + offset, sizeof result);
  return result;
}

}  // namespace

std::uint64_t textSize(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  const std::vector<char> file((std::istreambuf_iterator<char>(stream)), {});
  const auto header = readAt<Elf64_Ehdr>(file, 0);
  if (std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 || header.e_ident[EI_CLASS] != ELFCLASS64) {
    throw std::runtime_error(path.string() + " is not a 64-bit ELF file");
  }
  // With very many sections (one per inline function), their number is in the first header's size.
  std::uint64_t count = header.e_shnum;
  if (count == 0 && header.e_shoff != 0) count = readAt<Elf64_Shdr>(file, header.e_shoff).sh_size;
  std::uint64_t total = 0;
  for (std::uint64_t i = 0; i < count; ++i) {
    const auto section = readAt<Elf64_Shdr>(file, header.e_shoff + i * header.e_shentsize);
    if ((section.sh_flags & SHF_EXECINSTR) != 0) total += section.sh_size;
  }
  return total;
}

}  // namespace bench
