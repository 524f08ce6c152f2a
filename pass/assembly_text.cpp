#include "assembly_text.h"

#include <algorithm>
#include <string>
#include <vector>

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"

using namespace llvm;

namespace hindsight {
namespace {

/// An instruction with its prefixes.
struct Statement {
  std::string name;  // in small letters
  bool is_locked = false, is_intel = false;
  SmallVector<StringRef, 4> arguments;
};

/// `$3`, `${3:b}`, with what stands around it: `($3)`, `8($3)`, `${4:c}($3)`, `($3,$4,8)`, `[$3, #8]`, `(%rdi)`,
/// `${3:P}(%rip)`, `dword ptr [$3 + 8]`.
struct Operand {
  AssemblyAddress at;
  char modifier = 0;
  unsigned bytes = 0;  // as `dword ptr` says
};

/// Takes `${3:b}` or `$3` off the front of `text`.
bool takeReference(StringRef& text, int& number, char& modifier) {
  StringRef rest = text;
  modifier = 0;
  unsigned value;
  if (!rest.consume_front("$")) return false;
  const bool has_braces = rest.consume_front("{");
  if (rest.consumeInteger(10, value)) return false;
  if (has_braces) {
    if (rest.consume_front(":")) {
      if (rest.empty()) return false;
      modifier = rest.front();
      rest = rest.drop_front();
    }
    if (!rest.consume_front("}")) return false;
  }
  number = static_cast<int>(value);
  text = rest.ltrim();
  return true;
}

/// `rdi` and `edi` as "di"; empty if it is no general register.
std::string registerIn(StringRef text) {
  text = text.trim();
  text.consume_front("%");
  std::string name = text.lower();
  if (name.size() == 3 && (name[0] == 'r' || name[0] == 'e') && !isDigit(name[1])) name.erase(0, 1);
  static const StringSet<> names = {"ax", "bx", "cx", "dx", "si", "di", "r8",  "r9",
                                    "r10", "r11", "r12", "r13", "r14", "r15"};
  return names.contains(name) ? name : std::string();
}

/// What stands between AT&T's parentheses.
bool readBetween(StringRef text, AssemblyAddress& at) {
  SmallVector<StringRef, 3> parts;
  text.split(parts, ',');
  char modifier;
  StringRef base = parts[0].trim();
  if (base == "%rip") {  // ${3:P}(%rip)
    std::swap(at.operand, at.offset);
    return parts.size() == 1 && at.operand >= 0;
  }
  if (!takeReference(base, at.operand, modifier)) {
    at.base = registerIn(base);
    if (at.base.empty()) return false;
  } else if (!base.empty() || (modifier != 0 && modifier != 'q')) {
    return false;
  }
  if (parts.size() == 1) return true;
  StringRef index = parts[1].trim();
  if (!takeReference(index, at.index, modifier) || !index.empty() || (modifier != 0 && modifier != 'q')) return false;
  return parts.size() == 2 || !parts[2].trim().getAsInteger(10, at.scale);
}

/// What stands between brackets: `$1 + 8`, `$1, #8`.
bool readBracketed(StringRef text, AssemblyAddress& at) {
  char modifier;
  text = text.trim();
  if (!takeReference(text, at.operand, modifier)) {
    const StringRef name = text.take_while([](char letter) { return isAlnum(letter); });
    at.base = registerIn(name);
    if (at.base.empty()) return false;
    text = text.drop_front(name.size()).ltrim();
  }
  if (text.empty()) return true;
  const bool is_minus = text.consume_front("-");
  if (!is_minus && !text.consume_front("+") && !text.consume_front(",")) return false;
  text = text.ltrim();
  text.consume_front("#");
  int64_t value;
  if (text.getAsInteger(0, value)) return false;
  at.displacement += is_minus ? -value : value;
  return true;
}

bool readOperand(StringRef text, Operand& operand) {
  static const struct {
    const char* name;
    unsigned bytes;
  } kSizes[] = {{"byte ptr", 1}, {"word ptr", 2}, {"dword ptr", 4}, {"qword ptr", 8}, {"xmmword ptr", 16}};
  text = text.trim();
  for (const auto& size : kSizes)
    if (text.take_front(StringRef(size.name).size()).lower() == size.name) {
      text = text.drop_front(StringRef(size.name).size()).ltrim();
      operand.bytes = size.bytes;
      break;
    }
  for (;;) {  // terms of a displacement
    int64_t value;
    StringRef rest = text;
    int number;
    char modifier;
    if (!rest.consumeInteger(0, value)) {
      operand.at.displacement += value;
    } else if (operand.at.offset < 0 && takeReference(rest, number, modifier) &&
               (modifier == 'c' || modifier == 'P' || modifier == 'p')) {
      operand.at.offset = number;
    } else {
      break;
    }
    text = rest.ltrim();
    text.consume_front("+");
    text = text.ltrim();
  }
  operand.at.is_address = true;
  if (text.consume_front("(")) return text.consume_back(")") && readBetween(text, operand.at);
  if (text.consume_front("[")) return text.consume_back("]") && readBracketed(text, operand.at);
  if (text.empty() && operand.at.offset >= 0) {  // ${3:P} of memory
    std::swap(operand.at.operand, operand.at.offset);
    operand.at.is_address = false;
    return true;
  }
  if (!takeReference(text, operand.at.operand, operand.modifier)) return false;
  operand.at.is_address = operand.modifier == 'a';
  return text.empty();
}

/// The first word; `rest` becomes what follows it.
StringRef takeWord(StringRef& rest) {
  rest = rest.ltrim();
  const size_t end = std::min(rest.find_first_of(" \t"), rest.size());
  const StringRef word = rest.take_front(end);
  rest = rest.drop_front(end).ltrim();
  return word;
}

void splitArguments(StringRef text, SmallVectorImpl<StringRef>& arguments) {
  int depth = 0;
  size_t begin = 0;
  for (size_t i = 0; i <= text.size(); ++i) {
    if (i < text.size() && StringRef("([{").contains(text[i])) ++depth;
    if (i < text.size() && StringRef(")]}").contains(text[i])) --depth;
    if (i < text.size() && (text[i] != ',' || depth > 0)) continue;
    const StringRef argument = text.slice(begin, i).trim();
    if (!argument.empty()) arguments.push_back(argument);
    begin = i + 1;
  }
}

bool isPrefix(StringRef word) {
  static const StringSet<> words = {"rep", "repe", "repz", "repne", "repnz", "data16", "xacquire", "xrelease", "notrack"};
  return words.contains(word);
}

/// `text` with one dialect of what it has in both: $(att$|intel$).
std::string inDialect(StringRef text, bool is_intel) {
  std::string chosen;
  int depth = 0, which = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const StringRef two = text.substr(i, 2);
    if (two == "$(" && depth == 0) depth = 1, which = 0, ++i;
    else if (two == "$|" && depth == 1) ++which, ++i;
    else if (two == "$)" && depth == 1) depth = 0, ++i;
    else if (depth == 0 || which == (is_intel ? 1 : 0)) chosen += text[i];
  }
  return chosen;
}

/// Without `/* ... */`.
std::string withoutComments(StringRef text) {
  std::string kept;
  for (;;) {
    const size_t begin = std::min(text.find("/*"), text.size());
    kept += text.take_front(begin);
    const size_t end = text.find("*/", begin);
    if (end == StringRef::npos) return kept;
    kept += ' ';
    text = text.drop_front(end + 2);
  }
}

/// The first word of `rest` without the label in front of it, which may touch it. Empty: nothing is left.
StringRef takeMnemonic(StringRef& rest) {
  for (;;) {
    const StringRef before = rest, word = takeWord(rest);
    const size_t colon = word.find(':');
    if (colon == StringRef::npos) return word;
    rest = before.ltrim().drop_front(colon + 1);
  }
}

/// The instructions of a text; directives, labels and what is behind `comment` or `//` are none. A `lock` may stand
/// by itself, and be spelled as a byte.
std::vector<Statement> statementsOf(StringRef text, StringRef comment, bool is_intel) {
  std::vector<Statement> statements;
  bool is_locked = false;
  while (!text.empty()) {
    const size_t end = std::min(text.find_first_of(";\n"), text.size());
    StringRef rest = text.take_front(end);
    text = text.drop_front(std::min(end + 1, text.size()));
    rest = rest.take_front(std::min({rest.find(comment), rest.find("//"), rest.size()}));
    std::string name = takeMnemonic(rest).lower();
    while (name == "lock" || isPrefix(name)) {
      is_locked = is_locked || name == "lock";
      name = takeMnemonic(rest).lower();
    }
    if (name == ".byte" && rest.trim().lower() == "0xf0") is_locked = true;
    if (name == ".intel_syntax") is_intel = true;
    if (name == ".att_syntax") is_intel = false;
    if (name.empty() || name.front() == '.') continue;
    statements.push_back({name, is_locked, is_intel, {}});
    splitArguments(rest, statements.back().arguments);
    is_locked = false;
  }
  return statements;
}

bool isBackwards(StringRef label) {  // 1b
  return label.size() > 1 && label.back() == 'b' && all_of(label.drop_back(), isDigit);
}

/// Whether what follows may be left out.
bool jumpsForward(const Statement& statement) {
  const StringRef name = statement.name;
  static const StringSet<> jumps = {"b", "cbz", "cbnz", "tbz", "tbnz", "br", "ret"};
  const bool jumps_away = name.front() == 'j' || name.find("loop") == 0 || name.find("b.") == 0 || jumps.contains(name);
  return jumps_away && (statement.arguments.empty() || !isBackwards(statement.arguments.back()));
}

/// Whether the registers that the address is made of may have been changed by the text itself: they stand in it by
/// themselves.
bool isMoved(const AssemblyAddress& at, ArrayRef<Statement> statements) {
  for (const Statement& statement : statements)
    for (StringRef argument : statement.arguments) {
      Operand operand;
      if (!at.base.empty() && registerIn(argument) == at.base) return true;
      if (at.is_address && readOperand(argument, operand) && !operand.at.is_address &&
          (operand.at.operand == at.operand || operand.at.operand == at.index))
        return true;
    }
  return false;
}

/// Adds what an instruction does, which `may_be_left_out` by a jump; what is done at the same place becomes one.
void add(AssemblyText& found, const AssemblyMemory& memory, bool may_be_left_out) {
  for (AssemblyMemory& known : found.memory) {
    if (!(known.at == memory.at)) continue;
    const bool surely_writes = (known.writes && !known.fails) || (memory.writes && !memory.fails && !may_be_left_out);
    known.reads |= memory.reads;
    known.writes |= memory.writes;
    known.fails = known.writes && !surely_writes;
    known.orders |= memory.orders;
    known.is_checked &= memory.is_checked;
    if (known.bytes == 0) known.bytes = memory.bytes;
    if (known.beside < 0) known.beside = memory.beside;
    return;
  }
  found.memory.push_back(memory);
  if (may_be_left_out) found.memory.back().is_checked = false;
}

// x86-64

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
  static const StringSet<> names = {"adc", "add", "and", "btc", "btr", "bts", "cmpxchg", "dec", "inc", "neg",
                                    "not", "or", "sbb", "sub", "xor", "xadd", "xchg"};
  fails = StringRef(statement.name).find("cmpxchg") == 0;
  if (statement.is_locked && (statement.name == "cmpxchg8b" || statement.name == "cmpxchg16b")) {
    bytes = statement.name == "cmpxchg8b" ? 8 : 16;
    return true;
  }
  if (!isOneOf(names, statement.name, bytes)) return false;
  return statement.is_locked || StringRef(statement.name).find("xchg") == 0;  // which locks by itself
}

bool isStackTop(StringRef argument) {
  return argument.contains("(%rsp)") || argument.contains("(%esp)") || argument.contains("[rsp");
}

/// A locked operation that changes nothing is there for its order: `lock; addl $$0, ...`.
bool changesNothing(const Statement& statement) {
  static const StringSet<> names = {"add", "sub", "or", "xor"};
  unsigned bytes;
  if (!statement.is_locked || statement.arguments.size() != 2 || !isOneOf(names, statement.name, bytes)) return false;
  const StringRef value = statement.arguments[statement.is_intel ? 1 : 0];
  return value == "$$0" || value == "$$0x0" || value == "0";
}

/// Of a register's name: `%eax`, `%r8d`, `%cl`. 0 if it is none.
unsigned bytesOfName(StringRef name, bool is_intel) {
  const bool is_byte = name.size() == 2 && name.back() == 'l';
  if (!name.consume_front("%") && !(is_intel && (is_byte || !registerIn(name).empty()))) return 0;
  if (name.find("xmm") == 0) return 16;
  const bool is_numbered = name.size() > 1 && name[0] == 'r' && isDigit(name[1]);
  if (is_numbered) return isDigit(name.back()) ? 8 : name.back() == 'd' ? 4 : bytesOfSuffix(name.back());
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
    if (operand.modifier != 'l' && bytesOfSuffix(operand.modifier) != 0) return bytesOfSuffix(operand.modifier);
  }
  return 0;
}

/// The number of the operand beside argument `index`, or -1.
int besideOf(const Statement& statement, size_t index) {
  for (size_t i = 0; i < statement.arguments.size(); ++i) {
    Operand operand;
    if (i != index && readOperand(statement.arguments[i], operand) && !operand.at.is_address) return operand.at.operand;
  }
  return -1;
}

/// Whether all arguments are operands or numbers. A register that is named was not chosen by the compiler: what it
/// holds may be meant for the next piece of assembly, which a call in between would spoil.
bool hasOnlyOperands(const Statement& statement) {
  return all_of(statement.arguments, [](StringRef argument) {
    Operand operand;
    StringRef number = argument;
    number.consume_front("$$");
    number.consume_front("-");
    return readOperand(argument, operand) || (!number.empty() && number.front() >= '0' && number.front() <= '9');
  });
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
    return !fences.contains(statement.name);
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
    const bool is_compare = !is_update && is_plain && !is_move && isOneOf(compares, statement.name, plain_bytes);
    if (!is_update && !is_move && !is_compare) continue;
    if (!is_update) bytes = plain_bytes;
    if (bytes == 0) bytes = bytesByArguments(statement);
    for (size_t i = 0; i < statement.arguments.size(); ++i) {
      Operand operand;
      if (!readOperand(statement.arguments[i], operand)) continue;
      const bool is_target = statement.is_intel ? i == 0 : i + 1 == statement.arguments.size();
      const bool writes = is_update || (is_move && is_target);
      const bool is_bit = StringRef(statement.name).find("bt") == 0;  // which may be in any word behind
      const int beside = besideOf(statement, i);
      if (is_bit && !is_target) continue;
      if (is_bit) operand.at.bits = beside;
      const bool is_checked = !is_bit && !isMoved(operand.at, statements);
      add(found, {operand.at, bytes, beside, !writes || is_update, writes, fails, true, is_checked}, may_be_left_out);
    }
  }
  return found;
}

// AArch64

namespace {

struct AArch64Kind {
  const char* begins;
  bool reads, writes, fails, orders;
};
// The first that fits. Exclusive pairs order like updates: which half has the order is the pair's business.
constexpr AArch64Kind kAArch64Kinds[] = {
    {"ldxr", true, true, true, true},  {"ldaxr", true, true, true, true},  {"ldxp", true, true, true, true},
    {"ldaxp", true, true, true, true}, {"stxr", true, true, false, true},  {"stlxr", true, true, false, true},
    {"stxp", true, true, false, true}, {"stlxp", true, true, false, true}, {"cas", true, true, true, true},
    {"swp", true, true, false, true},  {"ldadd", true, true, false, true}, {"ldclr", true, true, false, true},
    {"ldeor", true, true, false, true}, {"ldset", true, true, false, true}, {"ldsmax", true, true, false, true},
    {"ldsmin", true, true, false, true}, {"ldumax", true, true, false, true}, {"ldumin", true, true, false, true},
    {"stadd", true, true, false, true}, {"stclr", true, true, false, true}, {"steor", true, true, false, true},
    {"stset", true, true, false, true}, {"ldar", true, false, false, true}, {"ldapr", true, false, false, true},
    {"stlr", false, true, false, true},
};
constexpr AArch64Kind kAArch64Moves[] = {{"ldr", true, false, false, false}, {"str", false, true, false, false}};

const AArch64Kind* kindOf(StringRef name, ArrayRef<AArch64Kind> kinds) {
  for (const AArch64Kind& kind : kinds)
    if (name.find(kind.begins) == 0) return &kind;
  return nullptr;
}

/// By the register that is moved, as its name says: ${0:w}, w17; without a modifier it is 8 bytes. 0 if nothing says.
unsigned bytesOfMove(const Statement& statement) {
  const StringRef name = statement.name;
  if (name.find("ldrsw") == 0) return 4;
  if (name.back() == 'b') return 1;
  if (name.back() == 'h') return 2;
  const bool has_status = (name.find("stx") == 0 || name.find("stlx") == 0);
  const bool is_pair = name.back() == 'p';
  const size_t at = has_status ? 1 : 0;
  if (at + 1 >= statement.arguments.size()) return 0;
  Operand operand;
  char kind = 0;
  if (readOperand(statement.arguments[at], operand))
    kind = operand.modifier == 0 ? 'x' : operand.modifier;
  else
    kind = statement.arguments[at].front();
  const unsigned bytes = kind == 'w' || kind == 's' ? 4 : kind == 'x' || kind == 'd' ? 8 : 0;
  return is_pair ? 2 * bytes : bytes;
}

/// An exclusive load whose store is not in the text, or the other way round: nothing may come between them.
bool isHalfOfPair(ArrayRef<Statement> statements) {
  bool loads = false, stores = false;
  for (const Statement& statement : statements) {
    const StringRef name = statement.name;
    loads |= name.find("ldx") == 0 || name.find("ldax") == 0;
    stores |= name.find("stx") == 0 || name.find("stlx") == 0;
  }
  return loads != stores;
}

}  // namespace

AssemblyText readAArch64Assembly(StringRef text) {
  AssemblyText found;
  const std::string chosen = withoutComments(text);
  const std::vector<Statement> statements = statementsOf(chosen, "//", true);
  if (isHalfOfPair(statements)) return found;
  // What is compared between the halves of an exclusive pair may leave the second one out.
  const bool compares = any_of(statements, [](const Statement& statement) {
    const StringRef name = statement.name;
    return name == "cmp" || name == "ccmp" || name == "cbz" || name.find("b.") == 0;
  });
  bool may_be_left_out = false;
  for (const Statement& statement : statements) {
    if (statement.name == "dmb" || statement.name == "dsb") found.fences = true;
    may_be_left_out |= jumpsForward(statement);
    const AArch64Kind* kind = kindOf(statement.name, kAArch64Kinds);
    if (kind == nullptr && statements.size() == 1) kind = kindOf(statement.name, kAArch64Moves);
    if (kind == nullptr || statement.arguments.empty()) continue;
    Operand operand;
    if (!readOperand(statement.arguments.back(), operand)) continue;
    const bool fails = kind->fails || (compares && StringRef(statement.name).find("st") == 0);
    const bool is_checked = !isMoved(operand.at, statements);
    add(found, {operand.at, bytesOfMove(statement), besideOf(statement, statement.arguments.size() - 1), kind->reads,
                kind->writes, kind->writes && fails, kind->orders, is_checked}, may_be_left_out);
  }
  return found;
}

}  // namespace hindsight
