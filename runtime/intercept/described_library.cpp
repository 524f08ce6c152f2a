#include "intercept/described_library.h"

#include <link.h>

namespace hindsight {

constinit LibraryCode described_library{};

namespace {

struct Search {
  uptr pc;
  uptr own_pc;
  LibraryCode found;
};

bool isInSegment(const dl_phdr_info& library, const ElfW(Phdr) & segment, uptr pc) {
  return segment.p_type == PT_LOAD && pc - (library.dlpi_addr + segment.p_vaddr) < segment.p_memsz;
}

int visit(dl_phdr_info* library, size_t, void* argument) {
  auto& search = *static_cast<Search*>(argument);
  bool is_own = library->dlpi_name == nullptr || library->dlpi_name[0] == '\0';  // the program
  LibraryCode found{};
  for (u32 i = 0; i < library->dlpi_phnum; ++i) {
    const ElfW(Phdr)& segment = library->dlpi_phdr[i];
    is_own |= isInSegment(*library, segment, search.own_pc);
    if (isInSegment(*library, segment, search.pc))
      found = {library->dlpi_addr + segment.p_vaddr, segment.p_memsz};
  }
  if (found.bytes == 0) return 0;
  if (!is_own) search.found = found;
  return 1;
}

}  // namespace

LibraryCode libraryCodeAt(uptr pc) {
  Search search{pc, reinterpret_cast<uptr>(&visit), {}};
  dl_iterate_phdr(visit, &search);
  return search.found;
}

void describeLibraryAt(uptr pc) {
  const LibraryCode found = libraryCodeAt(pc);
  if (found.bytes != 0) described_library = found;
}

void forgetDescribedLibrary(uptr begin, uptr end) {
  if (described_library.begin - begin < end - begin) described_library = {};
}

}  // namespace hindsight
