#include "report/dwarf_file_name.h"

namespace hindsight {
namespace {

/// The tables at the head of a line number program [DWARF 5, 6.2.4].
class FileTable {
 public:
  FileTable(const Dwarf& dwarf, u64 offset) : dwarf_(dwarf), reader_(dwarf.lines, offset) {}

  bool find(u64 index, const char*& directory, const char*& name) {
    if (!readHead()) return false;
    return version_ >= 5 ? findInNew(index, directory, name) : findInOld(index, directory, name);
  }

 private:
  bool readHead() {
    u64 length = reader_.word();
    if (length == 0xffffffff) {
      offset_bytes_ = 8;
      length = reader_.quad();
    }
    if (!reader_.ok() || length > dwarf_.lines.size - reader_.offset()) return false;
    version_ = reader_.half();
    if (version_ < 2 || version_ > 5) return false;
    if (version_ >= 5) reader_.skip(2);  // sizes of addresses and segment selectors
    reader_.number(offset_bytes_);
    reader_.skip(version_ >= 4 ? 2 : 1);  // instruction lengths
    reader_.skip(3);                      // default_is_stmt, line_base, line_range
    const u8 opcode_base = reader_.byte();
    if (opcode_base != 0) reader_.skip(opcode_base - 1u);
    return reader_.ok();
  }

  bool findInOld(u64 index, const char*& directory, const char*& name) {
    const ByteReader directories = reader_;
    while (reader_.ok() && reader_.text()[0] != 0) {
    }
    u64 directory_index = 0;
    for (u64 i = 1; reader_.ok(); ++i) {
      name = reader_.text();
      if (name[0] == 0) return false;
      directory_index = reader_.unsignedLeb();
      reader_.unsignedLeb();
      reader_.unsignedLeb();
      if (i == index) break;
    }
    directory = "";
    reader_ = directories;
    for (u64 i = 0; i < directory_index && reader_.ok(); ++i) {
      directory = reader_.text();
      if (directory[0] == 0) return false;
    }
    return reader_.ok();
  }

  bool findInNew(u64 index, const char*& directory, const char*& name) {
    const ByteReader directories = reader_;
    u64 directory_index = 0, unused = 0;
    const char* ignored;
    if (!findEntry(~0ull, ignored, unused) || !findEntry(index, name, directory_index))
      return false;
    reader_ = directories;
    return findEntry(directory_index, directory, unused);
  }

  /// Reads a table up to entry `index`, or to its end if that is ~0.
  bool findEntry(u64 index, const char*& path, u64& directory_index) {
    const u8 format_count = reader_.byte();
    const ByteReader formats = reader_;
    for (u32 i = 0; i < format_count; ++i) {
      reader_.unsignedLeb();
      reader_.unsignedLeb();
    }
    const u64 count = reader_.unsignedLeb();
    if (format_count == 0 && count != 0) return false;
    for (u64 i = 0; i < count && reader_.ok(); ++i) {
      ByteReader format = formats;
      path = "";
      for (u32 field = 0; field < format_count; ++field) {
        const u64 content = format.unsignedLeb();
        if (!readField(content, format.unsignedLeb(), path, directory_index)) return false;
      }
      if (i == index) return reader_.ok();
    }
    return index == ~0ull && reader_.ok();
  }

  bool readField(u64 content, u64 form, const char*& path, u64& directory_index) {
    u64 number = 0;
    const char* text = "";
    switch (form) {
      case kFormString: text = reader_.text(); break;
      case kFormLineStrp:
        text = ByteReader(dwarf_.line_strings, reader_.number(offset_bytes_)).text();
        break;
      case kFormStrp:
        text = ByteReader(dwarf_.strings, reader_.number(offset_bytes_)).text();
        break;
      case kFormData1: number = reader_.byte(); break;
      case kFormData2: number = reader_.half(); break;
      case kFormData4: number = reader_.word(); break;
      case kFormData8: number = reader_.quad(); break;
      case kFormUdata: number = reader_.unsignedLeb(); break;
      case kFormData16: reader_.skip(16); break;
      case kFormBlock: reader_.skip(reader_.unsignedLeb()); break;
      default: return false;
    }
    if (content == kLinePath) path = text;
    if (content == kLineDirectoryIndex) directory_index = number;
    return reader_.ok();
  }

  const Dwarf& dwarf_;
  ByteReader reader_;
  u32 offset_bytes_ = 4;
  u16 version_ = 0;
};

}  // namespace

bool writeDwarfFileName(const Dwarf& dwarf, const DwarfUnit& unit, const Die& root, u64 index,
                        TextWriter& out) {
  u64 table = 0;
  const char *directory = "", *name = "";
  if (!dwarf.number(root.get(DwarfName::StmtList), table)) return false;
  if (!FileTable(dwarf, table).find(index, directory, name) || name[0] == 0) return false;
  const char* const compiled_in = dwarf.text(unit, root.get(DwarfName::CompDir));
  if (name[0] != '/') {
    if (directory[0] != '/' && compiled_in[0] != 0) out.text(compiled_in).character('/');
    if (directory[0] != 0) out.text(directory).character('/');
  }
  out.text(name);
  return true;
}

}  // namespace hindsight
