// assembly_text.h - what the text of inline assembly says it does to memory that other threads see.
//
// Programs spell atomic operations in assembly where the compiler had none: with a `lock` prefix,
// as an exchange, by exclusive loads and stores; and single moves with the order that the processor
// gives them. These are recognised by their mnemonics; all else in assembly is left alone.
//
//   x86-64   lock ..., xchg [Intel SDM vol. 3, 9.2]; mov, cmp, test of one instruction; mfence, ...
//   AArch64  ldxr/stxr, cas, swp, ld<op>, ldar, stlr [Arm ARM, B2.9, C6]; ldr, str of one; dmb
//
// Thread safety: none needed.
#pragma once

#include <string>

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"

namespace hindsight {

/// Where in memory: base + displacement + the value of `offset` + the value of `index` * scale; of
/// `bits`, which counts bits from there, the word that they are in. Numbers are those of operands;
/// -1: none.
struct AssemblyAddress {
  int operand = -1;         // the base: memory, or a register with the address
  std::string base;         // of a base that is named: "di"
  bool is_address = false;  // the base is an address
  int64_t displacement = 0;
  int offset = -1, index = -1, bits = -1;
  int64_t scale = 1;

  bool operator==(const AssemblyAddress& other) const {
    return operand == other.operand && base == other.base && is_address == other.is_address &&
           displacement == other.displacement && offset == other.offset && index == other.index &&
           bits == other.bits && scale == other.scale;
  }
};

/// One place in memory, in all instructions of the text; or an operand that may turn out to be a
/// register.
struct AssemblyMemory {
  AssemblyAddress at;
  unsigned bytes;  // by the mnemonic or a register's name; 0 if they do not say
  int beside;      // the operand beside it, whose width it then has; -1 if there is none
  bool reads, writes;
  bool fails;       // compares first, or is jumped over: it may only have read
  bool orders;      // as acquire and release; else as relaxed operations
  bool is_checked;  // it is surely done, and where `at` says
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
