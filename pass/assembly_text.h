// assembly_text.h - what the text of inline assembly says it does to memory that other threads see.
//
// Programs spell atomic operations in assembly where the compiler had none: with a `lock` prefix, as an
// exchange, by exclusive loads and stores; and single moves with the order that the processor gives them.
// These are recognised by their mnemonics; all else in assembly is left alone.
//
//   x86-64   lock ..., xchg [Intel SDM vol. 3, 9.2]; mov, cmp, test of one instruction; mfence & co.
//   AArch64  ldxr/stxr, cas, swp, ld<op>, ldar, stlr [Arm ARM, B2.9, C6]; ldr, str of one; dmb
//
// Thread safety: none needed.
#pragma once

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"

namespace hindsight {

/// One operand that is memory or its address, in all instructions of the text.
struct AssemblyMemory {
  unsigned operand;      // its number in the text
  bool is_address;       // it is a register with the address
  int64_t displacement;  // bytes
  unsigned bytes;        // by the mnemonic or a register's name; 0 if they do not say
  int beside;            // the operand beside it, whose width it then has; -1 if there is none
  bool reads, writes;
  bool fails;     // compares first: it may only have read
  bool orders;    // as acquire and release; else as relaxed operations
  bool is_whole;  // it is at the operand, not behind it by what a register holds
};

struct AssemblyText {
  llvm::SmallVector<AssemblyMemory, 2> memory;
  bool fences = false;

  bool synchronises() const { return fences || !memory.empty(); }
};

/// `text` as LLVM has it: operands are `$0`, `${0:b}`.
AssemblyText readX86Assembly(llvm::StringRef text, bool is_intel);
AssemblyText readAArch64Assembly(llvm::StringRef text);

}  // namespace hindsight
