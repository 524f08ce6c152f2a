// What inline assembly does on x86-64: AT&T's and Intel's spelling.
#include "assembly_statement.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"

using namespace llvm;

namespace hindsight {
namespace {

/// Bytes by the letter that AT&T's mnemonics end in; 0 for any other.
unsigned bytesOfSuffix(char letter) {
  switch (letter) {
    case 'b': return 1;
    case 'w': return 2;
    case 'l': return 4;
    case 'q': return 8;
    default: return 0;
  }
}

/// Takes the suffix off if what is left is one of `names`.
bool isOneOf(const StringSet<>& names, StringRef name, unsigned& bytes) {
  bytes = 0;
  if (names.contains(name)) return true;
  bytes = name.empty() ? 0 : bytesOfSuffix(name.back());
  return bytes != 0 && names.contains(name.drop_back());
}

bool isUpdate(const Statement& statement, unsigned& bytes, bool& fails) {
  static const StringSet<> names = {"adc",     "add", "and", "btc",  "btr", "bts",
                                    "cmpxchg", "dec", "inc", "neg",  "not", "or",
                                    "sbb",     "sub", "xor", "xadd", "xchg"};
  fails = StringRef(statement.name).find("cmpxchg") == 0;
  if (statement.is_locked && (statement.name == "cmpxchg8b" || statement.name == "cmpxchg16b")) {
    bytes = statement.name == "cmpxchg8b" ? 8 : 16;
    return true;
  }
  if (!isOneOf(names, statement.name, bytes)) return false;
  return statement.is_locked ||
         StringRef(statement.name).find("xchg") == 0;  // which locks by itself
}

bool isStackTop(StringRef argument) {
  return argument.contains("(%rsp)") || argument.contains("(%esp)") || argument.contains("[rsp");
}

/// A locked operation that changes nothing is there for its order: `lock; addl $$0, ...`.
bool changesNothing(const Statement& statement) {
  static const StringSet<> names = {"add", "sub", "or", "xor"};
  unsigned bytes;
  if (!statement.is_locked || statement.arguments.size() != 2 ||
      !isOneOf(names, statement.name, bytes))
    return false;
  const StringRef value = statement.arguments[statement.is_intel ? 1 : 0];
  return value == "$$0" || value == "$$0x0" || value == "0";
}

/// Of a register's name: `%eax`, `%r8d`, `%cl`. 0 if it is none.
unsigned bytesOfName(StringRef name, bool is_intel) {
  const bool is_byte = name.size() == 2 && name.back() == 'l';
  if (!name.consume_front("%") && !(is_intel && (is_byte || !registerIn(name).empty()))) return 0;
  if (name.find("xmm") == 0) return 16;
  const bool is_numbered = name.size() > 1 && name[0] == 'r' && isDigit(name[1]);
  if (is_numbered)
    return isDigit(name.back()) ? 8 : name.back() == 'd' ? 4 : bytesOfSuffix(name.back());
  if (name.size() == 3) return name[0] == 'r' ? 8 : name[0] == 'e' ? 4 : name.back() == 'l' ? 1 : 0;
  return name.size() != 2 ? 0 : name.back() == 'l' || name.back() == 'h' ? 1 : 2;
}

/// Bytes by `dword ptr`, or by a register beside the memory: ${1:b}, %al. 0 if none says.
unsigned bytesByArguments(const Statement& statement) {
  for (StringRef argument : statement.arguments) {
    Operand operand;
    if (!readOperand(argument, operand)) {
      if (const unsigned bytes = bytesOfName(argument, statement.is_intel)) return bytes;
      continue;
    }
    if (operand.bytes != 0) return operand.bytes;
    if (operand.at.is_address) continue;
    if (operand.modifier == 'k') return 4;
    if (operand.modifier == 'h') return 1;
    if (operand.modifier != 'l' && bytesOfSuffix(operand.modifier) != 0)
      return bytesOfSuffix(operand.modifier);
  }
  return 0;
}

/// Whether all arguments are operands or numbers. A register that is named was not chosen by the
/// compiler: what it holds may be meant for the next piece of assembly, which a call in between
/// would spoil.
bool hasOnlyOperands(const Statement& statement) {
  return all_of(statement.arguments, [](StringRef argument) {
    Operand operand;
    StringRef number = argument;
    number.consume_front("$$");
    number.consume_front("-");
    return readOperand(argument, operand) ||
           (!number.empty() && number.front() >= '0' && number.front() <= '9');
  });
}

/// What a statement does with its operands in memory.
struct Effect {
  bool updates;
  bool moves;  // to the last one (Intel's first)
  bool fails;
  unsigned bytes;  // 0: not known
};

void addOperands(AssemblyText& found, const Statement& statement, const Effect& effect,
                 ArrayRef<Statement> statements, bool may_be_left_out) {
  // What such an operation changes may be in any word behind.
  const bool is_bit = StringRef(statement.name).find("bt") == 0;
  for (size_t i = 0; i < statement.arguments.size(); ++i) {
    Operand operand;
    if (!readOperand(statement.arguments[i], operand)) continue;
    const bool is_target = statement.is_intel ? i == 0 : i + 1 == statement.arguments.size();
    const bool writes = effect.updates || (effect.moves && is_target);
    const int beside = besideOf(statement, i);
    if (is_bit && !is_target) continue;
    if (is_bit) operand.at.bits = beside;
    const bool is_checked = !is_bit && !isMoved(operand.at, statements);
    addMemory(found,
              {operand.at, effect.bytes, beside, !writes || effect.updates, writes, effect.fails,
               true, is_checked},
              may_be_left_out);
  }
}

}  // namespace

AssemblyText readX86Assembly(StringRef text, bool is_intel) {
  static const StringSet<> moves = {"mov"}, compares = {"cmp", "test"};
  static const StringSet<> fences = {"mfence", "sfence", "lfence"};
  AssemblyText found;
  const std::string chosen = withoutComments(inDialect(text, is_intel));
  const std::vector<Statement> statements = statementsOf(chosen, "#", is_intel);
  const bool has_update = any_of(statements, [](const Statement& statement) {
    unsigned bytes;
    bool fails;
    return isUpdate(statement, bytes, fails);
  });
  const bool is_single = count_if(statements, [](const Statement& statement) {
                           return !fences.contains(statement.name) && !isWaiting(statement);
                         }) == 1;
  bool may_be_left_out = false;
  for (const Statement& statement : statements) {
    unsigned bytes = 0;
    bool fails = false;
    const bool is_update = isUpdate(statement, bytes, fails);
    if (fences.contains(statement.name) || changesNothing(statement) ||
        (is_update && any_of(statement.arguments, isStackTop)))
      found.fences = true;
    may_be_left_out |= jumpsForward(statement);
    const bool is_plain = has_update || (is_single && hasOnlyOperands(statement));
    unsigned plain_bytes = 0;
    const bool is_move = !is_update && is_plain && isOneOf(moves, statement.name, plain_bytes);
    const bool is_compare =
        !is_update && is_plain && !is_move && isOneOf(compares, statement.name, plain_bytes);
    if (!is_update && !is_move && !is_compare) continue;
    if (!is_update) bytes = plain_bytes;
    if (bytes == 0) bytes = bytesByArguments(statement);
    addOperands(found, statement, {is_update, is_move, fails, bytes}, statements, may_be_left_out);
  }
  return found;
}

}  // namespace hindsight
