#include "assembly_text.h"

#include <algorithm>
#include <string>
#include <vector>

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringSet.h"

using namespace llvm;

namespace hindsight {
namespace {

/// An instruction with its prefixes.
struct Statement {
  std::string name;  // in small letters
  bool is_locked = false;
  SmallVector<StringRef, 4> arguments;
};

/// `$3`, `${3:b}`, with what stands around it.
struct Operand {
  unsigned number = 0;
  char modifier = 0;
  bool is_address = false;  // ($3), 8($3), [$3], [$3, #8]
  int64_t displacement = 0;
};

/// Takes `${3:b}` or `$3` off the front of `text`.
bool takeReference(StringRef& text, Operand& operand) {
  StringRef rest = text;
  if (!rest.consume_front("$")) return false;
  const bool has_braces = rest.consume_front("{");
  if (rest.consumeInteger(10, operand.number)) return false;
  if (has_braces) {
    if (rest.consume_front(":")) {
      if (rest.empty()) return false;
      operand.modifier = rest.front();
      rest = rest.drop_front();
    }
    if (!rest.consume_front("}")) return false;
  }
  text = rest;
  return true;
}

/// `8`, `-8`, `0x10`, `8+`; 0 if there is none.
int64_t takeDisplacement(StringRef& text) {
  int64_t value = 0;
  StringRef rest = text;
  if (rest.consumeInteger(0, value)) return 0;
  rest.consume_front("+");
  text = rest;
  return value;
}

bool readOperand(StringRef text, Operand& operand) {
  text = text.trim();
  operand.displacement = takeDisplacement(text);
  const bool is_att = text.consume_front("("), is_bracketed = !is_att && text.consume_front("[");
  operand.is_address = is_att || is_bracketed;
  text = text.ltrim();
  if (!takeReference(text, operand)) return false;
  text = text.ltrim();
  if (is_bracketed && text.consume_front(",")) {  // [$1, #8]
    text = text.ltrim();
    text.consume_front("#");
    int64_t value = 0;
    if (text.consumeInteger(0, value)) return false;
    operand.displacement += value;
    text = text.ltrim();
  }
  if (is_att && !text.consume_front(")")) return false;  // with an index: nobody knows its value here
  if (is_bracketed && !text.consume_front("]")) return false;
  return text.trim().empty();
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

/// The first word of `rest` without the label in front of it, which may touch it. Empty: nothing is left.
StringRef takeMnemonic(StringRef& rest) {
  for (;;) {
    const StringRef before = rest, word = takeWord(rest);
    const size_t colon = word.find(':');
    if (colon == StringRef::npos) return word;
    rest = before.ltrim().drop_front(colon + 1);
  }
}

/// The instructions of a text; directives, labels and what is behind `comment` are none. A `lock` may stand
/// by itself.
std::vector<Statement> statementsOf(StringRef text, StringRef comment) {
  std::vector<Statement> statements;
  bool is_locked = false;
  while (!text.empty()) {
    const size_t end = std::min(text.find_first_of(";\n"), text.size());
    StringRef rest = text.take_front(end);
    text = text.drop_front(std::min(end + 1, text.size()));
    rest = rest.take_front(std::min(rest.find(comment), rest.size()));
    std::string name = takeMnemonic(rest).lower();
    while (name == "lock" || isPrefix(name)) {
      is_locked = is_locked || name == "lock";
      name = takeMnemonic(rest).lower();
    }
    if (name.empty() || name.front() == '.') continue;
    statements.push_back({name, is_locked, {}});
    splitArguments(rest, statements.back().arguments);
    is_locked = false;
  }
  return statements;
}

/// The same memory of two instructions.
void add(AssemblyText& found, const AssemblyMemory& memory) {
  for (AssemblyMemory& known : found.memory) {
    if (known.operand != memory.operand || known.is_address != memory.is_address ||
        known.displacement != memory.displacement)
      continue;
    const bool surely_writes = (known.writes && !known.fails) || (memory.writes && !memory.fails);
    known.reads |= memory.reads;
    known.writes |= memory.writes;
    known.fails = known.writes && !surely_writes;
    known.orders |= memory.orders;
    known.is_whole &= memory.is_whole;
    if (known.bytes == 0) known.bytes = memory.bytes;
    if (known.beside < 0) known.beside = memory.beside;
    return;
  }
  found.memory.push_back(memory);
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
  return argument.contains("(%rsp)") || argument.contains("(%esp)") || argument.contains("[rsp]");
}

/// Whether all arguments are operands or numbers. A register that is named was not chosen by the compiler: what it
/// holds may be meant for the next piece of assembly, which a call in between would spoil.
bool hasOnlyOperands(const Statement& statement) {
  return std::all_of(statement.arguments.begin(), statement.arguments.end(), [](StringRef argument) {
    Operand operand;
    StringRef number = argument;
    number.consume_front("$$");
    number.consume_front("-");
    return readOperand(argument, operand) || (!number.empty() && number.front() >= '0' && number.front() <= '9');
  });
}

/// Bytes by a register beside the memory: ${1:b}. 0 if none says.
unsigned bytesByRegister(const Statement& statement) {
  for (StringRef argument : statement.arguments) {
    Operand operand;
    if (!readOperand(argument, operand)) continue;
    if (operand.modifier == 'k') return 4;
    if (bytesOfSuffix(operand.modifier) != 0 && operand.modifier != 'l') return bytesOfSuffix(operand.modifier);
  }
  return 0;
}

/// The number of the operand beside argument `index`, or -1.
int besideOf(const Statement& statement, size_t index) {
  for (size_t i = 0; i < statement.arguments.size(); ++i) {
    Operand operand;
    if (i != index && readOperand(statement.arguments[i], operand) && !operand.is_address)
      return static_cast<int>(operand.number);
  }
  return -1;
}

}  // namespace

AssemblyText readX86Assembly(StringRef text, bool is_intel) {
  static const StringSet<> moves = {"mov"}, compares = {"cmp", "test"};
  static const StringSet<> fences = {"mfence", "sfence", "lfence"};
  AssemblyText found;
  const std::string chosen = inDialect(text, is_intel);
  const std::vector<Statement> statements = statementsOf(chosen, "#");
  const bool has_update = std::any_of(statements.begin(), statements.end(), [](const Statement& statement) {
    unsigned bytes;
    bool fails;
    return isUpdate(statement, bytes, fails);
  });
  for (const Statement& statement : statements) {
    unsigned bytes = 0;
    bool fails = false;
    const bool is_update = isUpdate(statement, bytes, fails);
    if (fences.contains(statement.name)) found.fences = true;
    if (is_update && std::any_of(statement.arguments.begin(), statement.arguments.end(), isStackTop)) found.fences = true;
    const bool is_plain = has_update || (statements.size() == 1 && hasOnlyOperands(statement));
    unsigned plain_bytes = 0;
    const bool is_move = !is_update && is_plain && isOneOf(moves, statement.name, plain_bytes);
    const bool is_compare = !is_update && is_plain && !is_move && isOneOf(compares, statement.name, plain_bytes);
    if (!is_update && !is_move && !is_compare) continue;
    if (!is_update) bytes = plain_bytes;
    if (bytes == 0) bytes = bytesByRegister(statement);
    for (size_t i = 0; i < statement.arguments.size(); ++i) {
      Operand operand;
      if (!readOperand(statement.arguments[i], operand)) continue;
      const bool is_target = is_intel ? i == 0 : i + 1 == statement.arguments.size();
      const bool writes = is_update || (is_move && is_target);
      const bool is_bit = StringRef(statement.name).find("bt") == 0;  // which may be in any word behind
      add(found, {operand.number, operand.is_address, operand.displacement, bytes, besideOf(statement, i),
                  !writes || is_update, writes, fails, true, !is_bit});
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

}  // namespace

AssemblyText readAArch64Assembly(StringRef text) {
  AssemblyText found;
  const std::vector<Statement> statements = statementsOf(text, "//");
  // What is compared between the halves of an exclusive pair may leave the second one out.
  const bool compares = std::any_of(statements.begin(), statements.end(), [](const Statement& statement) {
    const StringRef name = statement.name;
    return name == "cmp" || name == "ccmp" || name == "cbz" || name.find("b.") == 0;
  });
  for (const Statement& statement : statements) {
    if (statement.name == "dmb" || statement.name == "dsb") found.fences = true;
    const AArch64Kind* kind = kindOf(statement.name, kAArch64Kinds);
    if (kind == nullptr && statements.size() == 1) kind = kindOf(statement.name, kAArch64Moves);
    if (kind == nullptr || statement.arguments.empty()) continue;
    Operand operand;
    if (!readOperand(statement.arguments.back(), operand)) continue;
    const unsigned bytes = statement.name.back() == 'b' ? 1 : statement.name.back() == 'h' ? 2 : 0;
    const bool fails = kind->fails || (compares && StringRef(statement.name).find("st") == 0);
    add(found, {operand.number, operand.is_address, operand.displacement, bytes,
                besideOf(statement, statement.arguments.size() - 1), kind->reads, kind->writes, kind->writes && fails,
                kind->orders, true});
  }
  return found;
}

}  // namespace hindsight
