#include "assembly_statement.h"

#include <algorithm>

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"

using namespace llvm;

namespace hindsight {
namespace {

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

}  // namespace

std::string registerIn(StringRef text) {
  text = text.trim();
  text.consume_front("%");
  std::string name = text.lower();
  if (name.size() == 3 && (name[0] == 'r' || name[0] == 'e') && !isDigit(name[1])) name.erase(0, 1);
  static const StringSet<> names = {"ax", "bx",  "cx",  "dx",  "si",  "di",  "r8",
                                    "r9", "r10", "r11", "r12", "r13", "r14", "r15"};
  return names.contains(name) ? name : std::string();
}

namespace {

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
  if (!takeReference(index, at.index, modifier) || !index.empty() ||
      (modifier != 0 && modifier != 'q'))
    return false;
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

}  // namespace

bool readOperand(StringRef text, Operand& operand) {
  static constexpr struct {
    const char* name;
    unsigned bytes;
  } kSizes[] = {
      {"byte ptr", 1}, {"word ptr", 2}, {"dword ptr", 4}, {"qword ptr", 8}, {"xmmword ptr", 16}};
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

namespace {

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
  static const StringSet<> words = {"rep",    "repe",     "repz",     "repne",  "repnz",
                                    "data16", "xacquire", "xrelease", "notrack"};
  return words.contains(word);
}

}  // namespace

std::string inDialect(StringRef text, bool is_intel) {
  std::string chosen;
  int depth = 0, which = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const StringRef two = text.substr(i, 2);
    if (two == "$(" && depth == 0)
      depth = 1, which = 0, ++i;
    else if (two == "$|" && depth == 1)
      ++which, ++i;
    else if (two == "$)" && depth == 1)
      depth = 0, ++i;
    else if (depth == 0 || which == (is_intel ? 1 : 0))
      chosen += text[i];
  }
  return chosen;
}

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

namespace {

/// The first word of `rest` without the label in front of it, which may touch it. Empty: nothing is
/// left.
StringRef takeMnemonic(StringRef& rest) {
  for (;;) {
    const StringRef before = rest, word = takeWord(rest);
    const size_t colon = word.find(':');
    if (colon == StringRef::npos) return word;
    rest = before.ltrim().drop_front(colon + 1);
  }
}

}  // namespace

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

namespace {

bool isBackwards(StringRef label) {  // 1b
  return label.size() > 1 && label.back() == 'b' && all_of(label.drop_back(), isDigit);
}

}  // namespace

namespace {

bool jumps(StringRef name) {
  static const StringSet<> jumps = {"b", "cbz", "cbnz", "tbz", "tbnz", "br", "ret"};
  return name.front() == 'j' || name.find("loop") == 0 || name.find("b.") == 0 ||
         jumps.contains(name);
}

}  // namespace

bool jumpsForward(const Statement& statement) {
  return jumps(statement.name) &&
         (statement.arguments.empty() || !isBackwards(statement.arguments.back()));
}

bool isWaiting(const Statement& statement) {
  static const StringSet<> waits = {"pause", "nop", "yield", "wfe", "sev", "sevl", "isb"};
  return jumps(statement.name) || waits.contains(statement.name);
}

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

void addMemory(AssemblyText& found, const AssemblyMemory& memory, bool may_be_left_out) {
  for (AssemblyMemory& known : found.memory) {
    if (!(known.at == memory.at)) continue;
    const bool surely_writes =
        (known.writes && !known.fails) || (memory.writes && !memory.fails && !may_be_left_out);
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

int besideOf(const Statement& statement, size_t index) {
  for (size_t i = 0; i < statement.arguments.size(); ++i) {
    Operand operand;
    if (i != index && readOperand(statement.arguments[i], operand) && !operand.at.is_address)
      return operand.at.operand;
  }
  return -1;
}

}  // namespace hindsight
