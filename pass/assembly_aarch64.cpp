// What inline assembly does on AArch64.
#include "assembly_statement.h"
#include "llvm/ADT/STLExtras.h"

using namespace llvm;

namespace hindsight {
namespace {

struct AArch64Kind {
  const char* begins;
  bool reads, writes, fails, orders;
};
// The first that fits. Exclusive pairs order like updates: which half has the order is the pair's
// business.
constexpr AArch64Kind kAArch64Kinds[] = {
    {"ldxr", true, true, true, true},    {"ldaxr", true, true, true, true},
    {"ldxp", true, true, true, true},    {"ldaxp", true, true, true, true},
    {"stxr", true, true, false, true},   {"stlxr", true, true, false, true},
    {"stxp", true, true, false, true},   {"stlxp", true, true, false, true},
    {"cas", true, true, true, true},     {"swp", true, true, false, true},
    {"ldadd", true, true, false, true},  {"ldclr", true, true, false, true},
    {"ldeor", true, true, false, true},  {"ldset", true, true, false, true},
    {"ldsmax", true, true, false, true}, {"ldsmin", true, true, false, true},
    {"ldumax", true, true, false, true}, {"ldumin", true, true, false, true},
    {"stadd", true, true, false, true},  {"stclr", true, true, false, true},
    {"steor", true, true, false, true},  {"stset", true, true, false, true},
    {"ldar", true, false, false, true},  {"ldapr", true, false, false, true},
    {"stlr", false, true, false, true},
};
constexpr AArch64Kind kAArch64Moves[] = {{"ldr", true, false, false, false},
                                         {"str", false, true, false, false}};
// Of two registers; `swp` is none.
constexpr const char* kAArch64Pairs[] = {"ldxp", "ldaxp", "stxp",   "stlxp",
                                         "casp", "swpp",  "ldclrp", "ldsetp"};

const AArch64Kind* kindOf(StringRef name, ArrayRef<AArch64Kind> kinds) {
  for (const AArch64Kind& kind : kinds)
    if (name.find(kind.begins) == 0) return &kind;
  return nullptr;
}

bool isPair(StringRef name) {
  return any_of(kAArch64Pairs, [&](const char* begins) { return name.find(begins) == 0; });
}

/// By the register that is moved, as its name says: ${0:w}, w17; without a modifier it is 8 bytes.
/// 0 if nothing says.
unsigned bytesOfMove(const Statement& statement) {
  const StringRef name = statement.name;
  if (name.find("ldrsw") == 0) return 4;
  if (name.back() == 'b') return 1;
  if (name.back() == 'h') return 2;
  const bool has_status = (name.find("stx") == 0 || name.find("stlx") == 0);
  const size_t at = has_status ? 1 : 0;
  if (at + 1 >= statement.arguments.size()) return 0;
  Operand operand;
  char kind = 0;
  if (readOperand(statement.arguments[at], operand))
    kind = operand.modifier == 0 ? 'x' : operand.modifier;
  else
    kind = statement.arguments[at].front();
  const unsigned bytes = kind == 'w' || kind == 's' ? 4 : kind == 'x' || kind == 'd' ? 8 : 0;
  return isPair(name) ? 2 * bytes : bytes;
}

/// An exclusive load whose store is not in the text, or the other way round: nothing may come
/// between them.
bool isHalfOfPair(ArrayRef<Statement> statements) {
  bool loads = false, stores = false;
  for (const Statement& statement : statements) {
    const StringRef name = statement.name;
    loads |= name.find("ldx") == 0 || name.find("ldax") == 0;
    stores |= name.find("stx") == 0 || name.find("stlx") == 0;
  }
  return loads != stores;
}

bool isFence(const Statement& statement) {
  return statement.name == "dmb" || statement.name == "dsb";
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
  found.fences = any_of(statements, isFence);
  const bool is_single = count_if(statements, [](const Statement& statement) {
                           return !isFence(statement) && !isWaiting(statement);
                         }) == 1;
  bool may_be_left_out = false;
  for (const Statement& statement : statements) {
    may_be_left_out |= jumpsForward(statement);
    const AArch64Kind* kind = kindOf(statement.name, kAArch64Kinds);
    if (kind == nullptr && is_single) kind = kindOf(statement.name, kAArch64Moves);
    if (kind == nullptr || statement.arguments.empty()) continue;
    Operand operand;
    if (!readOperand(statement.arguments.back(), operand)) continue;
    const bool fails = kind->fails || (compares && StringRef(statement.name).find("st") == 0);
    const bool is_checked = !isMoved(operand.at, statements);
    // The fence is told of in front of the text, and may stand behind a load.
    const bool orders = kind->orders || found.fences;
    addMemory(
        found,
        {operand.at, bytesOfMove(statement), besideOf(statement, statement.arguments.size() - 1),
         kind->reads, kind->writes, kind->writes && fails, orders, is_checked},
        may_be_left_out);
  }
  return found;
}

}  // namespace hindsight
