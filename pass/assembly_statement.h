// assembly_statement.h - the instructions and operands in the text of inline assembly, whatever the
// processor.
//
// Thread safety: none needed.
#pragma once

#include <string>
#include <vector>

#include "assembly_text.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"

namespace hindsight {

/// An instruction with its prefixes.
struct Statement {
  std::string name;  // in small letters
  bool is_locked = false, is_intel = false;
  llvm::SmallVector<llvm::StringRef, 4> arguments;
};

/// `$3`, `${3:b}`, with what stands around it: `($3)`, `8($3)`, `${4:c}($3)`, `($3,$4,8)`, `[$3,
/// #8]`, `(%rdi)`,
/// `${3:P}(%rip)`, `dword ptr [$3 + 8]`.
struct Operand {
  AssemblyAddress at;
  char modifier = 0;
  unsigned bytes = 0;  // as `dword ptr` says
};

/// `rdi` and `edi` as "di"; empty if it is no general register.
std::string registerIn(llvm::StringRef text);

/// False if an argument is none of these.
bool readOperand(llvm::StringRef text, Operand& operand);

/// `text` with one dialect of what it has in both: $(att$|intel$).
std::string inDialect(llvm::StringRef text, bool is_intel);

/// Without `/* ... */`.
std::string withoutComments(llvm::StringRef text);

/// The instructions of a text; directives, labels and what is behind `comment` or `//` are none. A
/// `lock` may stand by itself, and be spelled as a byte. The arguments refer to `text`.
std::vector<Statement> statementsOf(llvm::StringRef text, llvm::StringRef comment, bool is_intel);

/// Whether what follows may be left out.
bool jumpsForward(const Statement& statement);

/// Whether it is a jump, or does no more than wait: what stands around the load of a loop that
/// polls.
bool isWaiting(const Statement& statement);

/// Whether the registers that the address is made of may have been changed by the text itself: they
/// stand in it by themselves.
bool isMoved(const AssemblyAddress& at, llvm::ArrayRef<Statement> statements);

/// The number of the operand beside argument `index`, or -1.
int besideOf(const Statement& statement, size_t index);

/// Adds what an instruction does, which `may_be_left_out` by a jump; what is done at the same place
/// becomes one.
void addMemory(AssemblyText& found, const AssemblyMemory& memory, bool may_be_left_out);

}  // namespace hindsight
