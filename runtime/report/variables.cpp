#include "report/variables.h"

#include "report/demangle.h"
#include "report/dwarf_file_name.h"
#include "report/dwarf_location.h"
#include "report/dwarf_type.h"
#include "report/symbolizer.h"

namespace hindsight {
namespace {

/// Addresses [begin, end); of the file, or on a stack.
struct Span {
  u64 begin, end;
};

/// Writes what is asked for about one variable. At most one is taken; a second one with another
/// name takes the answer back.
class Answer {
 public:
  Answer(Dwarf& dwarf, VariableText& out) : dwarf_(dwarf), out_(out) {}

  /// `function`: offset in the unit of the DIE of the function that it is of; 0 for none.
  void take(const DieInUnit& variable, u64 begin, u64 end, u64 function) {
    DieInUnit named = variable;
    if (!findAttribute(dwarf_, named, DwarfName::Name)) return;
    if (count_++ != 0) {
      // Copies of one declaration are no contradiction.
      is_contradicted_ = is_contradicted_ || named.die.offset != named_ || function != function_;
      return;
    }
    named_ = named.die.offset;
    function_ = function;
    writeName(variable, named, function == 0);
    DieInUnit typed = variable;
    if (findAttribute(dwarf_, typed, DwarfName::Type))
      writeFieldPath(dwarf_, typed, begin, end, out_.path);
    writeFunction(variable.unit, function);
    writeDeclaration(variable);
  }

  /// Variables that were offered and taken.
  u32 count() const { return count_; }

  void finish() {
    if (!is_contradicted_) return;
    out_.path.clear();
    out_.function.clear();
    out_.file.clear();
    out_.line = 0;
  }

 private:
  void writeName(const DieInUnit& variable, const DieInUnit& named, bool is_global) {
    DieInUnit linked = variable;
    if (is_global && findAttribute(dwarf_, linked, DwarfName::LinkageName))
      writeDemangled(dwarf_.text(linked.unit, linked.die.get(DwarfName::LinkageName)), false,
                     out_.path);
    else
      out_.path.text(dwarf_.text(named.unit, named.die.get(DwarfName::Name)));
  }

  void writeFunction(const DwarfUnit& unit, u64 offset) {
    DieInUnit function{unit, {}};
    if (offset == 0 || !dwarf_.read(unit, offset, function.die)) return;
    DieInUnit linked = function;
    if (findAttribute(dwarf_, linked, DwarfName::LinkageName)) {
      writeDemangled(dwarf_.text(linked.unit, linked.die.get(DwarfName::LinkageName)), true,
                     out_.function);
    } else if (findAttribute(dwarf_, function, DwarfName::Name)) {
      out_.function.text(dwarf_.text(function.unit, function.die.get(DwarfName::Name))).text("()");
    }
  }

  void writeDeclaration(const DieInUnit& variable) {
    DieInUnit declared = variable, unused;
    u64 file = 0;
    if (!findAttribute(dwarf_, declared, DwarfName::DeclFile)) return;
    if (!dwarf_.number(declared.die.get(DwarfName::DeclFile), file)) return;
    DwarfUnit unit;
    if (!dwarf_.readUnit(declared.unit.offset, unit, unused.die)) return;
    if (writeDwarfFileName(dwarf_, unit, unused.die, file, out_.file))
      dwarf_.number(declared.die.get(DwarfName::DeclLine), out_.line);
  }

  Dwarf& dwarf_;
  VariableText& out_;
  u32 count_ = 0;
  bool is_contradicted_ = false;
  u64 named_ = 0, function_ = 0;
};

/// Bytes of the variable that the piece of it holds; 0 if unknown.
u64 sizeOfPiece(Dwarf& dwarf, const DieInUnit& variable, const DwarfPiece& piece) {
  if (piece.size != 0) return piece.size;
  DieInUnit typed = variable;
  return findAttribute(dwarf, typed, DwarfName::Type) ? sizeOfTyped(dwarf, typed) : 0;
}

/// Offers the variable to `answer` if it lies around `wanted`.
void offer(Dwarf& dwarf, const DieInUnit& variable, Bytes expression,
           const DwarfSurroundings& around, DwarfSpace space, Span wanted, u64 function,
           Answer& answer) {
  piecesOf(dwarf, variable.unit, expression, around, [&](const DwarfPiece& piece) {
    if (piece.space != space || piece.address > wanted.begin) return true;
    const u64 size = sizeOfPiece(dwarf, variable, piece);
    if (wanted.begin - piece.address >= size || wanted.end - piece.address > size) return true;
    const u64 begin = wanted.begin - piece.address + piece.offset;
    answer.take(variable, begin, begin + (wanted.end - wanted.begin), function);
    return false;
  });
}

/// Places of debug information that mention an address, so that not all of it has to be decoded.
class Mentions {
 public:
  /// Addresses in .debug_addr, and in expressions behind `operation`.
  Mentions(const Dwarf& dwarf, u8 operation, u64 number) {
    if (operation == kOpAddr) searchAddresses(dwarf, number);
    searchExpressions(dwarf, operation, number);
  }

  bool meet(const DwarfUnit& unit) const {
    for (u32 i = 0; i < base_count_; ++i)
      if (bases_[i] == unit.addr_base && unit.version >= 5) return true;
    for (u32 i = 0; i < offset_count_; ++i)
      if (offsets_[i] >= unit.offset && offsets_[i] < unit.end) return true;
    return false;
  }

 private:
  static constexpr u32 kMost = 64;

  void searchAddresses(const Dwarf& dwarf, u64 number) {
    for (ByteReader reader(dwarf.addresses);
         reader.ok() && !reader.atEnd() && base_count_ < kMost;) {
      u64 length = reader.word();
      if (length == 0xffffffff) length = reader.quad();
      if (length < 4 || length > dwarf.addresses.size - reader.offset()) return;
      const u64 end = reader.offset() + length;
      reader.skip(4);  // version and sizes
      const u64 base = reader.offset();
      for (bool found = false; end - reader.offset() >= 8 && !found;) {
        found = reader.quad() == number;
        if (found) bases_[base_count_++] = base;
      }
      reader.seek(end);
    }
  }

  void searchExpressions(const Dwarf& dwarf, u8 operation, u64 number) {
    constexpr u64 kLength = 1 + sizeof number, kReadAtOnce = 1 << 20;
    if (dwarf.info.size < kLength) return;
    const u8* const data = dwarf.info.data;
    const u64 end = dwarf.info.size - kLength + 1;
    for (u64 begin = 0; begin < end; begin += kReadAtOnce) {
      const u64 behind = min(end, begin + kReadAtOnce);
      for (u64 at = begin; at < behind; ++at) {
        u64 found;
        if (data[at] != operation || offset_count_ == kMost) continue;
        __builtin_memcpy(&found, data + at + 1, sizeof found);
        if (found == number) offsets_[offset_count_++] = at;
      }
      ElfFile::release({data + begin, behind - begin});
    }
  }

  u64 bases_[kMost], offsets_[kMost];
  u32 base_count_ = 0, offset_count_ = 0;
};

/// A variable whose place is fixed in the file or in its thread-local block. `start`: of its
/// symbol.
void findStatic(Dwarf& dwarf, DwarfSpace space, u64 start, Span wanted, Answer& answer) {
  const Mentions mentions(dwarf, space == DwarfSpace::ThreadLocal ? kOpConst8u : kOpAddr, start);
  DieInUnit at;
  Die root;
  bool found = false;
  for (u64 offset = 0; !found && dwarf.readUnit(offset, at.unit, root); offset = at.unit.end) {
    if (at.unit.version == 0 || !mentions.meet(at.unit)) continue;
    dwarf.walk(at.unit, root, [&](const Die& die, u32) {
      if (die.tag != kTagVariable || !die.has(DwarfName::Location)) return true;
      at.die = die;
      const Bytes expression = dwarf.expression(at.unit, die.get(DwarfName::Location), 0, false);
      const u32 before = answer.count();
      offer(dwarf, at, expression, {nullptr, {}}, space, wanted, 0, answer);
      found = found || answer.count() != before;
      return true;
    });
  }
}

/// The function that `pc` of the file is in.
bool findFunction(Dwarf& dwarf, u64 pc, DieInUnit& function) {
  Die root;
  bool known;
  for (u64 offset = 0; dwarf.readUnit(offset, function.unit, root); offset = function.unit.end) {
    if (function.unit.version == 0 || !dwarf.covers(function.unit, root, pc, known)) continue;
    bool found = false;
    dwarf.walk(function.unit, root, [&](const Die& die, u32) {
      if (die.tag != kTagSubprogram || !dwarf.covers(function.unit, die, pc, known)) return true;
      function.die = die;
      found = true;
      return false;
    });
    if (found) return true;
  }
  return false;
}

/// The variables in scope at `pc` of a function that is called.
void findLocal(Dwarf& dwarf, const FrameView& frame, u64 pc, Span wanted, Answer& answer) {
  constexpr u32 kDeepest = 64;
  DieInUnit function;
  if (!findFunction(dwarf, pc, function)) return;
  const DwarfUnit& unit = function.unit;
  const DwarfSurroundings around{
      &frame, dwarf.expression(unit, function.die.get(DwarfName::FrameBase), pc, frame.is_exact)};
  // By depth: whether what is below is in scope, and of which function.
  u64 scopes[kDeepest] = {function.die.offset};
  DieInUnit variable{unit, {}};
  dwarf.walk(unit, function.die, [&](const Die& die, u32 depth) {
    if (depth >= kDeepest) return true;
    const u64 scope = scopes[depth - 1];
    bool known;
    scopes[depth] = 0;
    switch (die.tag) {
      case kTagLexicalBlock:
        if (!frame.is_exact || dwarf.covers(unit, die, pc, known)) scopes[depth] = scope;
        break;
      case kTagInlinedSubroutine:
        if (scope != 0 && (!frame.is_exact || dwarf.covers(unit, die, pc, known)))
          scopes[depth] = die.offset;
        break;
      case kTagVariable:
      case kTagFormalParameter:
        if (scope == 0 || !die.has(DwarfName::Location)) break;
        variable.die = die;
        offer(dwarf, variable,
              dwarf.expression(unit, die.get(DwarfName::Location), pc, frame.is_exact), around,
              DwarfSpace::Stack, wanted, scope, answer);
        break;
      default: break;
    }
    return true;
  });
}

/// The bytes of both accesses; those of the current one if they have none in common.
Span racedBytes(const RaceReport& race) {
  const AccessView &a = race.current, &b = race.previous;
  const u64 begin = max(a.address, b.address), end = min(a.address + a.size, b.address + b.size);
  return begin < end ? Span{begin, end} : Span{a.address, a.address + a.size};
}

}  // namespace

void findGlobalVariable(const char* file, u64 symbol, u64 begin, u64 end, VariableText& out) {
  const ElfFile elf(file);
  Dwarf dwarf(elf);
  Answer answer(dwarf, out);
  findStatic(dwarf, DwarfSpace::Fixed, symbol, {begin, end}, answer);
  answer.finish();
}

void findThreadLocalVariable(const char* file, u64 begin, u64 end, VariableText& out) {
  const ElfFile elf(file);
  Dwarf dwarf(elf);
  Answer answer(dwarf, out);
  u64 symbol = 0;
  if (elf.findThreadLocal(begin, symbol))
    findStatic(dwarf, DwarfSpace::ThreadLocal, symbol, {begin, end}, answer);
  answer.finish();
}

void findLocalVariable(const char* file, const FrameView& frame, u64 pc, u64 begin, u64 end,
                       VariableText& out) {
  const ElfFile elf(file);
  Dwarf dwarf(elf);
  Answer answer(dwarf, out);
  findLocal(dwarf, frame, pc, {begin, end}, answer);
  answer.finish();
}

void findVariable(const RaceReport& race, VariableText& out) {
  const Span raced = racedBytes(race);
  const LocationView& location = race.location;
  ModuleView module;
  switch (location.kind) {
    case LocationKind::Heap:
    case LocationKind::Mapping:
    case LocationKind::Descriptor: return;
    case LocationKind::Stack: {
      const uptr pc = location.frame.pc - 1;
      if (location.frame.pc != 0 && moduleOf(pc, module))
        findLocalVariable(module.open_path, location.frame, pc - module.base, raced.begin,
                          raced.end, out);
      return;
    }
    case LocationKind::ThreadLocal:
      if (moduleOfThreadLocal(raced.begin, location.thread_pointer, module))
        findThreadLocalVariable(module.open_path, raced.begin - module.thread_local_begin,
                                raced.end - module.thread_local_begin, out);
      return;
    case LocationKind::Global:
    case LocationKind::Unknown: {
      const SymbolizedGlobal symbol = processSymbols().global(raced.begin);
      if (symbol.name != nullptr && moduleOf(raced.begin, module))
        findGlobalVariable(module.open_path, symbol.start - module.base, raced.begin - module.base,
                           raced.end - module.base, out);
    }
  }
}

}  // namespace hindsight
