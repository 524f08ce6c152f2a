// memory_instruction.h - an instruction of the program, done with its operand at another address.
//
// What takes one memory operand in general registers (compares, moves, arithmetic, the bit
// instructions of BMI) is decoded, encoded anew with `(register)` as its operand, and called with
// the program's registers and flags. The new code is the same for all places that use the same
// registers, so there is little of it; it is kept, and found by its bytes.
//
// Source: Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2, chapter 2 and
// appendix A.
//
// Thread safety: any thread; async-signal-safe. Allocation: one mapping. x86-64 only.
#pragma once

#include "base/types.h"

#if defined(__x86_64__)

namespace hindsight {

/// Numbered as instructions number them: rax, rcx, rdx, rbx, rsp, rbp, rsi, rdi, r8 to r15.
struct MachineRegisters {
  u64 general[16];
  u64 flags;
};

struct MemoryInstruction {
  static constexpr u32 kMostBytes = 15;
  uptr address;  // of the operand
  u32 length;    // in bytes
  u32 pointer;   // a register that it does not use: the new code's operand is where that points
  u8 code[kMostBytes + 1];  // the new code, and a return; the rest is 0
};

/// False: not an instruction of that kind. Looks at no byte behind the instruction.
bool decodeMemoryInstruction(const u8* at, const MachineRegisters& registers,
                             MemoryInstruction& decoded);

/// Memory for the new code; to be called once, before any use. False: there is none to be had.
bool prepareMemoryInstructions();
/// Does the instruction with its operand at `address`; `registers` are those before, and then those
/// after. False: there is no room for more code. No signal may arrive meanwhile.
bool runMemoryInstruction(const MemoryInstruction& decoded, uptr address,
                          MachineRegisters& registers);

}  // namespace hindsight

#endif
