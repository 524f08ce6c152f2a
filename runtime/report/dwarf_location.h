// dwarf_location.h - where a variable is, by the expression that its debug information has for
// that.
//
// Variables live in memory, in registers or nowhere, as a whole or in pieces. Only memory is of
// interest, and only the kinds that compilers use: a fixed address, an offset in thread-local
// storage, an offset from the frame. Expressions of any other kind yield no place.
//
// Thread safety: none. Allocation: none.
#pragma once

#include "report/dwarf.h"
#include "report/race_report.h"

namespace hindsight {

enum class DwarfSpace : u8 { None, Fixed, ThreadLocal, Stack };

/// Bytes [offset, offset + size) of a variable are at `address`.
struct DwarfPiece {
  DwarfSpace space;
  u64 address;  // of the file; in thread-local storage from its beginning; on the stack as it is
  u64 offset;
  u64 size;  // 0: all of it
};

/// What an expression may refer to besides itself. Frame: null if there is none.
struct DwarfSurroundings {
  const FrameView* frame;
  Bytes frame_base;  // an expression, too
};

/// Reads operations up to the end of one piece. False if one of them is not understood.
bool readDwarfPiece(const Dwarf& dwarf, const DwarfUnit& unit, ByteReader& reader,
                    const DwarfSurroundings& around, DwarfPiece& piece);

/// Calls visit(piece) for each piece in memory, stopping when it returns false.
template <class Visit>
void piecesOf(const Dwarf& dwarf, const DwarfUnit& unit, Bytes expression,
              const DwarfSurroundings& around, Visit visit) {
  bool understood = true;
  u64 offset = 0;
  // Twice: nothing is shown of an expression that is not understood to its end.
  for (int turn = 0; turn < 2 && understood; ++turn) {
    offset = 0;
    for (ByteReader reader(expression); !reader.atEnd() && understood;) {
      DwarfPiece piece;
      understood = readDwarfPiece(dwarf, unit, reader, around, piece);
      piece.offset = offset;
      offset += piece.size;
      if (turn == 1 && piece.space != DwarfSpace::None &&
          !visit(static_cast<const DwarfPiece&>(piece)))
        return;
    }
  }
}

}  // namespace hindsight
