#include "report/dwarf_location.h"

namespace hindsight {
namespace {

/// The value that an expression has computed so far.
struct Value {
  DwarfSpace space = DwarfSpace::None;
  u64 number = 0;
  bool is_number = false;    // a constant that is no address yet
  bool in_register = false;  // the variable itself is there
};

bool stackValue(Value& value, uptr base, sptr offset) {
  if (base == 0) return false;
  value.space = DwarfSpace::Stack;
  value.number = base + static_cast<uptr>(offset);
  return true;
}

uptr registerOf(const FrameView& frame, u8 number) {
  if (number == kDwarfBp) return frame.bp;
  return number == kDwarfSp ? frame.sp : 0;
}

/// What the function's variables are counted from; 0 if unknown.
uptr frameBase(const DwarfSurroundings& around) {
  if (around.frame == nullptr) return 0;
  ByteReader reader(around.frame_base);
  const u8 operation = reader.byte();
  if (!reader.ok()) return 0;
  uptr base = 0;
  if (operation == kOpCallFrameCfa) {
    base = around.frame->cfa;
    if (!reader.atEnd()) {  // Clang, where a function moves the stack pointer for its calls
      if (reader.byte() != kOpConsts) return 0;
      base += static_cast<uptr>(reader.signedLeb());
      if (reader.byte() != kOpPlus) return 0;
    }
  } else if (operation >= kOpReg0 && operation <= kOpReg31) {
    base = registerOf(*around.frame, operation - kOpReg0);
  } else if (operation >= kOpBreg0 && operation <= kOpBreg31) {
    base = registerOf(*around.frame, operation - kOpBreg0);
    if (base != 0) base += static_cast<uptr>(reader.signedLeb());
  }
  return reader.ok() && reader.atEnd() ? base : 0;
}

/// A pointer in the frame itself, read from there.
bool dereference(const DwarfSurroundings& around, Value& value) {
  if (value.space != DwarfSpace::Stack || value.number % 8 != 0) return false;
  const FrameView& frame = *around.frame;
  if (value.number < frame.bottom || value.number >= frame.cfa) return false;
  value.number = __atomic_load_n(reinterpret_cast<const u64*>(value.number), __ATOMIC_RELAXED);
  return true;
}

/// One operation other than those that end a piece.
bool apply(const Dwarf& dwarf, const DwarfUnit& unit, u8 operation, ByteReader& reader,
           const DwarfSurroundings& around, Value& value) {
  const bool is_new = value.space == DwarfSpace::None && !value.is_number && !value.in_register;
  switch (operation) {
    case kOpAddr:
      value.space = DwarfSpace::Fixed;
      value.number = reader.number(unit.address_bytes);
      return is_new;
    case kOpAddrx:
      value.space = DwarfSpace::Fixed;
      return dwarf.indexedAddress(unit, reader.unsignedLeb(), value.number) && is_new;
    case kOpConst4u:
    case kOpConst8u:
      value.is_number = true;
      value.number = reader.number(operation == kOpConst4u ? 4 : 8);
      return is_new;
    case kOpFormTlsAddress:
    case kOpGnuPushTlsAddress:
      if (!value.is_number) return false;
      value.is_number = false;
      value.space = DwarfSpace::ThreadLocal;
      return true;
    case kOpPlusUconst:
      value.number += reader.unsignedLeb();
      return value.space != DwarfSpace::None;
    case kOpDeref: return dereference(around, value);
    case kOpFbreg: return is_new && stackValue(value, frameBase(around), reader.signedLeb());
    case kOpCallFrameCfa:
      return is_new && around.frame != nullptr && stackValue(value, around.frame->cfa, 0);
    default: break;
  }
  if (operation >= kOpReg0 && operation <= kOpReg31) {
    value.in_register = true;
    return is_new;
  }
  if (operation >= kOpBreg0 && operation <= kOpBreg31)
    return is_new && around.frame != nullptr &&
           stackValue(value, registerOf(*around.frame, operation - kOpBreg0), reader.signedLeb());
  return false;
}

}  // namespace

bool readDwarfPiece(const Dwarf& dwarf, const DwarfUnit& unit, ByteReader& reader,
                    const DwarfSurroundings& around, DwarfPiece& piece) {
  Value value;
  piece = {};
  while (!reader.atEnd()) {
    const u8 operation = reader.byte();
    if (operation == kOpPiece) {
      piece.size = reader.unsignedLeb();
      if (piece.size == 0) return false;
      break;
    }
    if (!apply(dwarf, unit, operation, reader, around, value) || !reader.ok()) return false;
  }
  piece.space = value.space;
  piece.address = value.number;
  return reader.ok() && !value.is_number;
}

}  // namespace hindsight
