#include "platform/frame_rule.h"

#include "base/byte_reader.h"
#include "platform/unwind_step.h"

namespace hindsight {
namespace {

// Of x86-64, in libunwind's numbers and in those of the tables.
constexpr int kRegisterBp = 6;
constexpr u64 kBp = 6, kSp = 7, kReturnAddress = 16;

/// What a common information entry says for all the functions that refer to it.
struct Common {
  u64 code_unit;
  sptr data_unit;
  u32 pointer_bytes;  // of addresses in the FDE; 0 if not understood
  bool has_augmentation;
  ByteReader instructions;
};

u32 bytesOfEncoding(u8 encoding) {
  switch (encoding & 0xf) {
    case 0x0: return 8;
    case 0x2:
    case 0xa: return 2;
    case 0x3:
    case 0xb: return 4;
    case 0x4:
    case 0xc: return 8;
    default: return 0;
  }
}

/// An entry of the table at `address`: its length field tells where it ends.
ByteReader entryAt(uptr address) {
  u32 length;
  __builtin_memcpy(&length, reinterpret_cast<const void*>(address), sizeof length);
  if (length == 0xffffffff) length = 0;  // none is that long
  return ByteReader(Bytes{reinterpret_cast<const u8*>(address), length + 4ull}, 4);
}

bool readCommon(uptr address, Common& common) {
  ByteReader reader = entryAt(address);
  if (reader.word() != 0) return false;
  const u8 version = reader.byte();
  const char* augmentation = reader.text();
  common.code_unit = reader.unsignedLeb();
  common.data_unit = reader.signedLeb();
  const u64 return_address = version == 1 ? reader.byte() : reader.unsignedLeb();
  common.pointer_bytes = 8;
  common.has_augmentation = augmentation[0] == 'z';
  if (!common.has_augmentation && augmentation[0] != 0) return false;
  if (common.has_augmentation) {
    const u64 length = reader.unsignedLeb();
    const u64 behind = reader.offset() + length;
    for (++augmentation; *augmentation != 0; ++augmentation) {
      if (*augmentation == 'R')
        common.pointer_bytes = bytesOfEncoding(reader.byte());
      else if (*augmentation == 'P')
        reader.skip(bytesOfEncoding(reader.byte()));
      else if (*augmentation == 'L')
        reader.byte();
      else if (*augmentation != 'S' && *augmentation != 'B')
        return false;
    }
    reader.seek(behind);
  }
  common.instructions = reader;
  return reader.ok() && return_address == kReturnAddress && common.pointer_bytes != 0;
}

/// The instructions of a table, applied up to a place in the function.
class Rules {
 public:
  Rules(const Common& common, u64 target) : common_(common), target_(target) {}

  /// False if something is not understood that matters at the place.
  bool run(FrameRule& out, ByteReader function) {
    apply(common_.instructions);
    initial_ = now_;
    is_common_ = false;
    apply(function);
    if (!reached_) found_ = now_;
    if (!understood_ || !found_.known || found_.return_offset != -8) return false;
    out = {0,
           found_.cfa_register == kBp,
           found_.cfa_offset,
           found_.bp_saved,
           found_.bp_offset,
           body_offset_ != 0 ? body_offset_ : first_offset_,
           bp_offset_};
    return found_.bp_known;
  }

 private:
  struct State {
    bool known = false;  // the CFA
    u64 cfa_register = 0;
    sptr cfa_offset = 0;
    bool bp_known = true, bp_saved = false;
    sptr bp_offset = 0;
    sptr return_offset = 0;
  };

  void apply(ByteReader reader) {
    while (reader.ok() && !reader.atEnd() && understood_) {
      const u8 operation = reader.byte();
      const u64 low = operation & 0x3f;
      switch (operation & 0xc0) {
        case 0x40: advance(low); break;
        case 0x80: saved(low, static_cast<sptr>(reader.unsignedLeb())); break;
        case 0xc0: restored(low); break;
        default: applyLong(operation, reader);
      }
    }
    if (!reader.ok()) understood_ = false;
  }

  // NOLINTNEXTLINE(readability-function-size): a line or two for each of the operations
  void applyLong(u8 operation, ByteReader& reader) {
    u64 which;
    switch (operation) {
      case 0x00: break;                          // nop
      case 0x02: advance(reader.byte()); break;  // advance_loc1
      case 0x03: advance(reader.half()); break;  // advance_loc2
      case 0x04: advance(reader.word()); break;  // advance_loc4
      case 0x05:                                 // offset_extended
        which = reader.unsignedLeb();
        saved(which, static_cast<sptr>(reader.unsignedLeb()));
        break;
      case 0x06: restored(reader.unsignedLeb()); break;  // restore_extended
      case 0x07: lost(reader.unsignedLeb()); break;      // undefined
      case 0x08:                                         // same_value
        if (reader.unsignedLeb() == kBp) now_.bp_known = true, now_.bp_saved = false;
        break;
      case 0x09:  // register
        lost(reader.unsignedLeb());
        reader.unsignedLeb();
        break;
      case 0x0a:  // remember_state
        if (depth_ == kDeepest)
          understood_ = false;
        else
          remembered_[depth_++] = now_;
        break;
      case 0x0b:  // restore_state
        if (depth_ == 0)
          understood_ = false;
        else
          now_ = remembered_[--depth_];
        break;
      case 0x0c:  // def_cfa
        now_.cfa_register = reader.unsignedLeb();
        setOffset(static_cast<sptr>(reader.unsignedLeb()));
        now_.known = now_.cfa_register == kSp || now_.cfa_register == kBp;
        if (now_.cfa_register == kBp) bp_offset_ = now_.cfa_offset;
        break;
      case 0x0d:  // def_cfa_register
        now_.cfa_register = reader.unsignedLeb();
        now_.known = now_.cfa_register == kSp || now_.cfa_register == kBp;
        if (now_.cfa_register == kBp) bp_offset_ = now_.cfa_offset;
        break;
      case 0x0e: setOffset(static_cast<sptr>(reader.unsignedLeb())); break;  // def_cfa_offset
      case 0x0f:                                                             // def_cfa_expression
        now_.known = false;
        reader.skip(reader.unsignedLeb());
        break;
      case 0x10:  // expression
      case 0x16:  // val_expression
        lost(reader.unsignedLeb());
        reader.skip(reader.unsignedLeb());
        break;
      case 0x11:  // offset_extended_sf
        which = reader.unsignedLeb();
        saved(which, reader.signedLeb());
        break;
      case 0x14:  // val_offset
        lost(reader.unsignedLeb());
        reader.unsignedLeb();
        break;
      case 0x2e: reader.unsignedLeb(); break;  // GNU_args_size
      default: understood_ = false;
    }
  }

  void advance(u64 units) {
    at_ += units * common_.code_unit;
    if (reached_ || at_ <= target_) return;
    reached_ = true;
    found_ = now_;
  }
  void setOffset(sptr offset) {
    now_.cfa_offset = offset;
    if (first_offset_ == 0 || is_first_) {
      is_first_ = is_common_;  // the function's own takes the place of the common one
      first_offset_ = offset;
    }
  }
  void saved(u64 which, sptr factor) {
    const sptr offset = factor * common_.data_unit;
    if (which == kReturnAddress) {
      now_.return_offset = offset;
      return;
    }
    if (body_offset_ == 0 && now_.cfa_register == kSp) body_offset_ = now_.cfa_offset;
    if (which != kBp) return;
    now_.bp_known = now_.bp_saved = true;
    now_.bp_offset = offset;
  }
  void restored(u64 which) {
    if (which == kReturnAddress) now_.return_offset = initial_.return_offset;
    if (which == kBp) now_.bp_known = initial_.bp_known, now_.bp_saved = initial_.bp_saved;
  }
  void lost(u64 which) {
    if (which == kReturnAddress) now_.return_offset = 0;
    if (which == kBp) now_.bp_known = false;
  }

  static constexpr u32 kDeepest = 8;
  const Common& common_;
  const u64 target_;  // offset in the function
  u64 at_ = 0;
  bool understood_ = true, reached_ = false, is_common_ = true, is_first_ = true;
  sptr first_offset_ = 0, body_offset_ = 0, bp_offset_ = 0;
  State now_, initial_, found_;
  State remembered_[kDeepest];
  u32 depth_ = 0;
};

}  // namespace

#if defined(__x86_64__)

bool frameRuleAt(uptr pc, FrameRule& rule) {
  UnwindCursor cursor;
  UnwindContext context;
  HINDSIGHT_CAPTURE(context);
  if (unw_init_local(cursor.words, context.words) != 0) return false;
  if (unw_set_reg(cursor.words, kRegisterIp, pc) != 0) return false;
  UnwindProcedure procedure = {};
  if (unw_get_proc_info(cursor.words, &procedure) != 0 || procedure.unwind_info == 0) return false;
  if (pc < procedure.start_ip || pc >= procedure.end_ip) return false;

  ByteReader function = entryAt(procedure.unwind_info);
  const uptr here = procedure.unwind_info + function.offset();
  const u32 back = function.word();
  Common common;
  if (back == 0 || !readCommon(here - back, common)) return false;
  function.skip(u64{2} * common.pointer_bytes);
  if (common.has_augmentation) function.skip(function.unsignedLeb());
  if (!Rules(common, pc - procedure.start_ip).run(rule, function)) return false;
  rule.function = procedure.start_ip;
  return true;
}

bool findOwnFrame(UnwindContext& context, uptr first_pc, uptr address, FoundFrame& frame) {
  constexpr u32 kMostFrames = 1 << 14;
  UnwindCursor cursor;
  if (unw_init_local(cursor.words, context.words) != 0) return false;
  bool inside = false;  // `first_pc` has been met
  frame = {};
  for (u32 i = 0; i < kMostFrames; ++i) {
    const bool more = stepOut(cursor);
    uptr sp = 0;
    // A frame ends where the stack pointer of the next one is.
    if (inside && unw_get_reg(cursor.words, kRegisterSp, &sp) == 0 && address < sp) {
      frame.cfa = sp;
      return address >= frame.sp;
    }
    if (!more || unw_get_reg(cursor.words, kRegisterIp, &frame.pc) != 0 || frame.pc == 0)
      return false;
    if (unw_get_reg(cursor.words, kRegisterSp, &frame.sp) != 0) return false;
    if (unw_get_reg(cursor.words, kRegisterBp, &frame.bp) != 0) return false;
    inside = inside || frame.pc == first_pc;
  }
  return false;
}

#else

bool frameRuleAt(uptr, FrameRule&) { return false; }
bool findOwnFrame(UnwindContext&, uptr, uptr, FoundFrame&) { return false; }

#endif

}  // namespace hindsight
