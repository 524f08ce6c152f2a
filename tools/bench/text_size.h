// text_size.h - how much code an ELF file holds.
#pragma once

#include <cstdint>
#include <filesystem>

namespace bench {

/// Sum of the sizes of all executable sections of a 64-bit ELF object or program, in bytes.
/// Throws std::runtime_error if `file` is not one.
std::uint64_t textSize(const std::filesystem::path& file);

}  // namespace bench
