#include "platform/memory_instruction.h"

#if defined(__x86_64__)

#include <sys/mman.h>

#include "platform/syscalls.h"

namespace hindsight {
namespace {

constexpr u32 kStackPointer = 4, kBasePointer = 5;

/// What is known of an opcode.
struct Opcode {
  bool known = false;
  bool on_bytes = false;  // the register operand is one of a byte: without REX, 4 to 7 are ah to bh
  bool has_register = true;  // ModRM.reg is a register, not a part of the opcode
  u32 immediate = 0;         // bytes; kFull: 4, or 2 with a prefix for operands of 16 bits
};
constexpr u32 kFull = 99;

constexpr Opcode onBytes(bool on_bytes) { return {true, on_bytes, true, 0}; }
/// ModRM.reg goes on with the opcode.
constexpr Opcode group(u32 immediate) { return {true, false, false, immediate}; }

/// The operation of a group that ModRM.reg names. Division may fault, and calls, jumps and pushes
/// use the stack.
constexpr Opcode opcodeOfGroup(u8 opcode, u32 extension) {
  if (opcode == 0xf6 || opcode == 0xf7) {
    if (extension > 5) return {};
    return group(extension < 2 ? (opcode == 0xf6 ? 1 : kFull) : 0);
  }
  return extension < 2 ? group(0) : Opcode{};
}

constexpr Opcode oneByteOpcode(u8 opcode, u32 extension) {
  if (opcode < 0x40) return (opcode & 7) < 4 ? onBytes((opcode & 1) == 0) : Opcode{};
  switch (opcode) {
    case 0x63: return onBytes(false);
    case 0x69: return {true, false, true, kFull};
    case 0x6b: return {true, false, true, 1};
    case 0x80:
    case 0x83:
    case 0xc0:
    case 0xc1: return group(1);
    case 0x81: return group(kFull);
    case 0x84:
    case 0x86:
    case 0x88:
    case 0x8a: return onBytes(true);
    case 0x85:
    case 0x87:
    case 0x89:
    case 0x8b: return onBytes(false);
    case 0xc6: return extension == 0 ? group(1) : Opcode{};
    case 0xc7: return extension == 0 ? group(kFull) : Opcode{};
    case 0xd0:
    case 0xd1:
    case 0xd2:
    case 0xd3: return group(0);
    case 0xf6:
    case 0xf7:
    case 0xfe:
    case 0xff: return opcodeOfGroup(opcode, extension);
    default: return {};
  }
}

/// Behind 0f. Bit tests whose index is in a register are none: they look elsewhere than where they
/// point.
constexpr Opcode twoByteOpcode(u8 opcode) {
  if (opcode >= 0x40 && opcode < 0x50) return onBytes(false);  // cmov
  if (opcode >= 0x90 && opcode < 0xa0) return group(0);        // set
  switch (opcode) {
    case 0xa4:
    case 0xac: return {true, false, true, 1};
    case 0xba: return group(1);
    case 0xb0:
    case 0xc0: return onBytes(true);
    case 0xa5:
    case 0xad:
    case 0xaf:
    case 0xb1:
    case 0xb6:
    case 0xb7:
    case 0xb8:
    case 0xbc:
    case 0xbd:
    case 0xbe:
    case 0xbf:
    case 0xc1: return onBytes(false);
    default: return {};
  }
}

/// Behind 0f 38 and 0f 3a, by map 2 and 3, with or without VEX: those on general registers.
constexpr Opcode threeByteOpcode(u32 map, u8 opcode, bool is_vex) {
  if (map == 3) return is_vex && opcode == 0xf0 ? Opcode{true, false, true, 1} : Opcode{};  // rorx
  if (!is_vex)
    return opcode == 0xf0 || opcode == 0xf1 || opcode == 0xf6 ? onBytes(false) : Opcode{};
  if (opcode == 0xf3) return group(0);
  return opcode == 0xf2 || (opcode >= 0xf5 && opcode <= 0xf7) ? onBytes(false) : Opcode{};
}

class Decoder {
 public:
  Decoder(const u8* at, const MachineRegisters& registers, MemoryInstruction& out)
      : begin_(at), at_(at), registers_(registers), out_(out) {}

  bool decode() {
    __builtin_memset(out_.code, 0, sizeof(out_.code));
    if (!takePrefixes() || !takeOpcode()) return false;
    const u8* const modrm = at_;
    if (!takeOperand()) return false;
    const Opcode opcode = opcodeOf(*modrm >> 3 & 7);
    if (!opcode.known || !choosePointer(opcode, *modrm >> 3 & 7)) return false;
    put(static_cast<u8>((*modrm & 0x38) | out_.pointer));
    for (u32 i = immediateBytes(opcode); i > 0; --i) put(take());
    if (is_relative_) out_.address += reinterpret_cast<uptr>(at_);
    out_.length = static_cast<u32>(at_ - begin_);
    if (written_ > MemoryInstruction::kMostBytes || out_.length > MemoryInstruction::kMostBytes)
      return false;
    out_.code[written_] = 0xc3;
    return true;
  }

 private:
  u8 take() { return *at_++; }
  void put(u8 byte) {
    if (written_ < MemoryInstruction::kMostBytes) out_.code[written_] = byte;
    ++written_;
  }
  template <class T>
  sptr takeSigned() {
    T value;
    __builtin_memcpy(&value, at_, sizeof(T));
    at_ += sizeof(T);
    return value;
  }

  /// Legacy prefixes, but those that make an address of another kind, and REX or VEX.
  bool takePrefixes() {
    for (;; put(take())) {
      const u8 byte = *at_;
      if (at_ - begin_ > 10 || byte == 0x64 || byte == 0x65 || byte == 0x67) return false;
      if (byte == 0x66) is_short_ = true;
      const bool segment = (byte & 0xe7) == 0x26;
      if (byte != 0x66 && byte != 0xf0 && byte != 0xf2 && byte != 0xf3 && !segment) break;
    }
    if ((*at_ & 0xf0) == 0x40) {
      rex_ = take();
      put(rex_ & 0x4c);  // W and R: the new operand needs neither X nor B
    } else if (*at_ == 0xc4) {
      return takeVex();
    }
    return true;
  }
  /// The form of three bytes; that of two is for vectors.
  bool takeVex() {
    put(take());
    const u8 first = take(), second = take();
    put(first | 0x60);  // X and B, inverted
    put(second);
    rex_ = static_cast<u8>((~first >> 5 & 7) | (second >> 4 & 8));
    vex_register_ = ~second >> 3 & 0xf;
    map_ = first & 0x1f;
    is_vex_ = true;
    return (second & 4) == 0 && (map_ == 2 || map_ == 3);
  }
  bool takeOpcode() {
    opcode_ = take();
    put(opcode_);
    if (is_vex_) return true;
    if (opcode_ != 0x0f) return true;
    map_ = 1;
    opcode_ = take();
    put(opcode_);
    if (opcode_ != 0x38 && opcode_ != 0x3a) return true;
    map_ = opcode_ == 0x38 ? 2 : 3;
    opcode_ = take();
    put(opcode_);
    return true;
  }
  Opcode opcodeOf(u32 extension) const {
    if (map_ == 0) return oneByteOpcode(opcode_, extension);
    if (map_ == 1) return twoByteOpcode(opcode_);
    return threeByteOpcode(map_, opcode_, is_vex_);
  }
  u64 generalRegister(u32 low_bits, u32 rex_bit) const {
    return registers_.general[low_bits | (rex_ >> rex_bit & 1u) << 3];
  }
  /// ModRM, SIB and displacement.
  bool takeOperand() {
    const u8 modrm = take();
    const u32 mode = modrm >> 6, rm = modrm & 7;
    if (mode == 3) return false;
    out_.address = 0;
    bool has_base = true;
    if (rm == kStackPointer) {
      const u8 sib = take();
      const u32 index = (sib >> 3 & 7) | (rex_ >> 1 & 1u) << 3, base = sib & 7;
      if (index != kStackPointer) out_.address += registers_.general[index] << (sib >> 6);
      has_base = mode != 0 || base != kBasePointer;
      if (has_base) out_.address += generalRegister(base, 0);
    } else {
      has_base = mode != 0 || rm != kBasePointer;
      is_relative_ = !has_base;
      if (has_base) out_.address += generalRegister(rm, 0);
    }
    if (mode == 1) out_.address += static_cast<uptr>(takeSigned<signed char>());
    if (mode == 2 || !has_base) out_.address += static_cast<uptr>(takeSigned<int>());
    return true;
  }
  u32 immediateBytes(const Opcode& opcode) const {
    if (opcode.immediate != kFull) return opcode.immediate;
    return is_short_ && (rex_ & 8) == 0 ? 2 : 4;
  }
  /// Of rsi, rdi and rbx, none of which any of these instructions uses unnamed, one that it does
  /// not name.
  bool choosePointer(const Opcode& opcode, u32 reg) {
    u32 named = 1u << vex_register_;
    if (opcode.has_register) {
      const u32 full = reg | (rex_ >> 2 & 1u) << 3;
      if (full == kStackPointer && !(opcode.on_bytes && rex_ == 0)) return false;
      named |= 1u << full;
      if (opcode.on_bytes && rex_ == 0) named |= 1u << (reg & 3);
    }
    constexpr u32 kChoices[] = {6, 7, 3};
    for (const u32 choice : kChoices) {
      out_.pointer = choice;
      if ((named >> choice & 1) == 0) return vex_register_ != kStackPointer || !is_vex_;
    }
    return false;
  }

  const u8* const begin_;
  const u8* at_;
  const MachineRegisters& registers_;
  MemoryInstruction& out_;
  u32 written_ = 0;
  u32 map_ = 0;  // 0: one byte, 1: 0f, 2: 0f 38, 3: 0f 3a
  u32 vex_register_ = 31;
  u8 rex_ = 0;  // or what VEX says instead
  u8 opcode_ = 0;
  bool is_short_ = false, is_vex_ = false, is_relative_ = false;
};

// --- Code ----------------------------------------------------------------------------------------

/// The mapping is its own index: a place is taken by the first user of its code, and never given
/// back.
constexpr u32 kPlaces = 4096;
struct Place {
  u8 code[MemoryInstruction::kMostBytes + 1];
};
constinit Place* places = nullptr;
constinit u32 taken = 0;
constinit u32 ready[kPlaces] = {};

bool isSame(const u8* a, const u8* b) { return __builtin_memcmp(a, b, sizeof(Place)) == 0; }

/// Null: no room. The same code may have two places, if two threads come at once.
const Place* placeOf(const MemoryInstruction& decoded) {
  const u32 known = min(__atomic_load_n(&taken, __ATOMIC_RELAXED), kPlaces);
  for (u32 i = 0; i < known; ++i)
    if (__atomic_load_n(&ready[i], __ATOMIC_ACQUIRE) != 0 && isSame(places[i].code, decoded.code))
      return &places[i];
  if (known == kPlaces) return nullptr;
  const u32 index = __atomic_fetch_add(&taken, 1, __ATOMIC_RELAXED);
  if (index >= kPlaces) return nullptr;
  __builtin_memcpy(places[index].code, decoded.code, sizeof(Place));
  __atomic_store_n(&ready[index], 1, __ATOMIC_RELEASE);  // pairs with: the load above
  return &places[index];
}

/// What hindsightRunInstruction works on. While the program's registers are loaded, rsp points to
/// `registers`, and what is called uses the room below.
struct Run {
  u64 room[4];
  MachineRegisters registers;
  const Place* code;
  u64 own_stack;
};
static_assert(offsetof(Run, registers) == 32 && offsetof(Run, registers.flags) == 32 + 128 &&
              offsetof(Run, code) == 32 + 136 && offsetof(Run, own_stack) == 32 + 144);

}  // namespace

extern "C" __attribute__((visibility("hidden"))) void hindsightRunInstruction(Run* run);

bool decodeMemoryInstruction(const u8* at, const MachineRegisters& registers,
                             MemoryInstruction& decoded) {
  return Decoder(at, registers, decoded).decode();
}

bool prepareMemoryInstructions() {
  const sptr result = sysMmap(nullptr, kPlaces * sizeof(Place), PROT_READ | PROT_WRITE | PROT_EXEC,
                              MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (syscallFailed(result)) return false;
  places = reinterpret_cast<Place*>(result);
  return true;
}

bool runMemoryInstruction(const MemoryInstruction& decoded, uptr address,
                          MachineRegisters& registers) {
  constexpr u64 kArithmetic = 0x8d5;  // CF, PF, AF, ZF, SF, OF
  Run run;
  run.registers = registers;
  run.registers.flags = registers.flags & kArithmetic;
  run.registers.general[decoded.pointer] = address;
  run.code = placeOf(decoded);
  if (run.code == nullptr) return false;
  hindsightRunInstruction(&run);
  const u64 flags = (registers.flags & ~kArithmetic) | (run.registers.flags & kArithmetic);
  const u64 pointer = registers.general[decoded.pointer];
  const u64 stack = registers.general[kStackPointer];
  registers = run.registers;
  registers.flags = flags;
  registers.general[decoded.pointer] = pointer;
  registers.general[kStackPointer] = stack;
  return true;
}

asm(R"(
  .text
  .p2align 4
  .hidden hindsightRunInstruction
  .globl hindsightRunInstruction
  .type hindsightRunInstruction, @function
hindsightRunInstruction:
  pushq %rbx
  pushq %rbp
  pushq %r12
  pushq %r13
  pushq %r14
  pushq %r15
  movq %rsp, 176(%rdi)
  leaq 32(%rdi), %rsp
  pushq 128(%rsp)
  popfq
  movq 0(%rsp), %rax
  movq 8(%rsp), %rcx
  movq 16(%rsp), %rdx
  movq 24(%rsp), %rbx
  movq 40(%rsp), %rbp
  movq 48(%rsp), %rsi
  movq 56(%rsp), %rdi
  movq 64(%rsp), %r8
  movq 72(%rsp), %r9
  movq 80(%rsp), %r10
  movq 88(%rsp), %r11
  movq 96(%rsp), %r12
  movq 104(%rsp), %r13
  movq 112(%rsp), %r14
  movq 120(%rsp), %r15
  callq *136(%rsp)
  movq %rax, 0(%rsp)
  movq %rcx, 8(%rsp)
  movq %rdx, 16(%rsp)
  movq %rbx, 24(%rsp)
  movq %rbp, 40(%rsp)
  movq %rsi, 48(%rsp)
  movq %rdi, 56(%rsp)
  movq %r8, 64(%rsp)
  movq %r9, 72(%rsp)
  movq %r10, 80(%rsp)
  movq %r11, 88(%rsp)
  movq %r12, 96(%rsp)
  movq %r13, 104(%rsp)
  movq %r14, 112(%rsp)
  movq %r15, 120(%rsp)
  pushfq
  popq 128(%rsp)
  cld
  movq 144(%rsp), %rsp
  popq %r15
  popq %r14
  popq %r13
  popq %r12
  popq %rbp
  popq %rbx
  retq
  .size hindsightRunInstruction, .-hindsightRunInstruction
)");

}  // namespace hindsight

#endif
