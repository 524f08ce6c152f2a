// generator.cpp - writes a random program for world.h to stdout: pass-generator SEED.
//
// Each function folds everything it reads into `s`, which it returns, and stores values that depend
// on `s`: the optimiser can leave out, join or move accesses, but only where the same thread makes
// an access to the same bytes that no release separates from it. What it might do besides that is
// avoided: a load that is needed on one path only could be made on that path only (so each use is
// unconditional, and before a throw there is one), a global that nobody reads could vanish (so all
// have external linkage). Nothing depends on an address; memory is written before it is read; what
// may overlap is moved, not copied.
#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

#include "model/pass/writer.h"

namespace {

using namespace pass_model;  // NOLINT

class Program : public Writer {
 public:
  explicit Program(u64 seed) : Writer(seed) {}

  void write() {
    std::cout << "#include \"model/pass/world.h\"\n\n";
    std::cout << "extern const u32 constants[48] = {";
    for (int i = 0; i < 48; ++i) std::cout << below(1u << 30) << (i < 47 ? ", " : "};\n");
    for (int i = 0; i < kGlobals; ++i)
      std::cout << "alignas(16) u8 g" << i << "[" << kGlobalBytes << "];\n";
    for (int i = 0; i < kFunctions; ++i) writeFunction(i);
    std::cout << "\nvoid program_hand_over() { ATOMIC_ADD(0, 1, __ATOMIC_ACQ_REL); }\n";
    std::cout << "const Function program_functions[] = {";
    for (int i = 0; i < kFunctions; ++i)
      std::cout << "{f" << i << ", " << (aligned_[static_cast<size_t>(i)] ? "true" : "false")
                << "}, ";
    std::cout << "};\nconst unsigned program_function_count = " << kFunctions << ";\n";
    std::cout << "const Object program_objects[] = {";
    for (int i = 0; i < kGlobals; ++i) std::cout << "{g" << i << ", sizeof g" << i << "}, ";
    std::cout << "};\nconst unsigned program_object_count = " << kGlobals << ";\n";
  }

 private:
  /// One or two accesses at `index` times the size, each with its own base and offset.
  void touchElements(const std::string& index, u64 count, u64 step) {
    for (u64 i = 0; i < 1 + below(3); ++i) {
      Type what = type();
      while (what.bytes * step * count > kReach - 16) what = kTypes[below(3)];
      const Base where = base();
      const u64 span = what.bytes * step * (count - 1) + what.bytes;
      const u64 offset = offsetFor(span, what.bytes);
      const std::string at =
          where.text + " + " + number(offset) + " + " + index + " * " + number(what.bytes * step);
      if (chance(20)) {
        open("if (" +
             (chance(50) ? condition() : "LD(u8, constants + (v + " + index + ") % 48) % 2 != 0") +
             ")");
        touch(nameFor(what, where, offset), at);
        close();
      } else {
        touch(nameFor(what, where, offset), at);
      }
    }
  }

  struct Count {
    std::string text;
    u64 most;
  };
  Count count() {
    switch (below(4)) {
      case 0: {
        const u64 times = 1 + below(kMostCount);
        return {number(times), times};
      }
      case 1:
        return {"v % 9", 8};
      default:
        return {"n", kMostCount};
    }
  }

  void loop() {
    const Count times = count();
    const std::string i = fresh("i");
    const u64 step = chance(75) ? 1 : 2;
    if (chance(70))
      open("for (u64 " + i + " = 0; " + i + " < " + times.text + "; ++" + i + ")");
    else
      open("for (u64 " + i + " = " + times.text + "; " + i + "-- > 0;)");
    ++loops_;
    touchElements(i, times.most, step);
    if (chance(15)) {
      open("if (" + condition() + ")");
      line(chance(50) ? "break;" : "return s;");
      close();
      if (chance(50)) touchElements(i, times.most, step);
    }
    if (chance(10)) synchronise();
    if (chance(10) && level_ < 2) {
      open("if (" + condition() + ")");
      statement();
      close();
    }
    --loops_;
    close();
  }

  void pointerLoop() {
    const Type what = type();
    const Base where = base();
    const u64 most = std::min<u64>(kMostCount, (kReach - 16) / what.bytes);
    const u64 offset = offsetFor(what.bytes * most, what.bytes);
    const std::string name = nameFor(what, where, offset), a = fresh("a"), end = fresh("end");
    line("const u8* const " + end + " = " + where.text + " + " + number(offset) + " + n % " +
         number(most + 1) + " * " + number(what.bytes) + ";");
    open("for (u8* " + a + " = " + where.text + " + " + number(offset) + "; " + a + " != " + end +
         "; " + a + " += " + number(what.bytes) + ")");
    ++loops_;
    touch(name, a);
    if (chance(30)) touch("u8", a);
    if (chance(30)) touch(name, a);
    --loops_;
    close();
  }

  void nest() {
    const u64 rows = 2 + below(3), columns_most = 1 + below(8);
    Type what = type();
    while (what.bytes * columns_most * rows > kReach - 32) what = kTypes[below(4)];
    const u64 row = what.bytes * columns_most;
    const u64 stride =
        chance(50) ? row
                   : std::min<u64>((kReach - 16 - row) / (rows - 1) / what.bytes * what.bytes,
                                   row + what.bytes * below(3));
    const Base where = base();
    const u64 offset = offsetFor(stride * (rows - 1) + row, what.bytes);
    const std::string i = fresh("i"), j = fresh("j");
    const std::string columns =
        chance(50) ? number(columns_most)
                   : "(n < " + number(columns_most) + " ? n : " + number(columns_most) + ")";
    const bool again = chance(20);
    open("for (u64 " + i + " = 0; " + i + " < " +
         (chance(50) ? number(rows) : "v % " + number(rows + 1)) + "; ++" + i + ")");
    open("for (u64 " + j + " = 0; " + j + " < " + columns + "; ++" + j + ")");
    loops_ += 2;
    touch(nameFor(what, where, offset), where.text + " + " + number(offset) +
                                            (again ? "" : " + " + i + " * " + number(stride)) +
                                            " + " + j + " * " + number(what.bytes));
    if (chance(30)) touchElements(j, columns_most, 1);
    close();
    if (chance(30)) touchElements(i, rows, 1);
    loops_ -= 2;
    close();
  }

  /// Goes on as long as what it reads says so.
  void scan() {
    const Base where = base();
    const u64 offset = below(kReach - 40);
    const std::string i = fresh("i"), at = where.text + " + " + number(offset) + " + " + i;
    line("u64 " + i + " = 0;");
    const std::string mask = chance(50) ? "7" : "3";
    ++loops_;
    switch (below(3)) {
      case 0:
        open("while (" + i + " < 32 && (LD(u8, " + at + ") & " + mask + ") != 0)");
        take("LD(u8, " + at + ")");
        if (chance(50)) touchElements(i, 32, 1);
        line("++" + i + ";");
        close();
        break;
      case 1:
        open("do");
        touch("u8", at);
        line("++" + i + ";");
        close(" while (" + i + " < 32 && (LD(u8, " + at + ") & " + mask + ") != 0);");
        break;
      default: {
        // Mostly a short way round (split_loops.cpp).
        const std::string begin = fresh("begin");
        line("u64 " + begin + " = 0;");
        open("while (" + i + " < 32)");
        take("LD(u8, " + at + ")");
        open("if (" + i + " - " + begin + " != 3 + v % 7)");
        line("++" + i + ";");
        line("continue;");
        close();
        if (chance(70)) synchronise();
        if (chance(50)) accessOne();
        line(begin + " = ++" + i + ";");
        close();
        line("s += " + begin + ";");
      }
    }
    --loops_;
  }

  void branch() {
    ++level_;
    if (chance(20)) {
      open("switch (v % 4)");
      for (int i = 0; i < 3; ++i) {
        open("case " + number(static_cast<u64>(i)) + ":");
        statement();
        line("break;");
        close();
      }
      line("default:;");
      close();
    } else {
      open("if (" + condition() + ")");
      statements(1 + below(2));
      if (chance(40)) {
        close(" else {");
        ++depth_;
        statements(1 + below(2));
      }
      close();
    }
    --level_;
  }

  void call() {
    if (current_ == 0 || loops_ > 1) return accessOne();
    const u64 callee = below(loops_ > 0 ? std::min(current_, u64{3}) : current_);
    const bool needs_aligned = aligned_[callee];
    std::vector<std::string> from;
    if (is_aligned_ || !needs_aligned) from = {"p", "q"};
    for (const std::string& local : locals_) from.push_back(local);
    if (from.size() < 2) return accessOne();
    const u64 a = below(from.size()), b = (a + 1 + below(from.size() - 1)) % from.size();
    take("f" + number(callee) + "(" + from[a] + ", " + from[b] + ", " +
         (chance(50) ? "n" : number(below(kMostCount + 1))) + ", " +
         (chance(50) ? "v >> " + number(below(9)) : "s") + ")");
  }

  void synchronise() {
    // Mostly the one that threads hand over by.
    const std::string atomic = number(chance(60) ? 0 : below(kAtomics));
    static const char* const kLoads[] = {"__ATOMIC_RELAXED", "__ATOMIC_ACQUIRE", "__ATOMIC_ACQUIRE",
                                         "__ATOMIC_SEQ_CST"};
    static const char* const kStores[] = {"__ATOMIC_RELAXED", "__ATOMIC_RELEASE",
                                          "__ATOMIC_RELEASE", "__ATOMIC_SEQ_CST"};
    static const char* const kUpdates[] = {"__ATOMIC_RELAXED", "__ATOMIC_ACQUIRE",
                                           "__ATOMIC_RELEASE", "__ATOMIC_ACQ_REL",
                                           "__ATOMIC_SEQ_CST"};
    static const char* const kFences[] = {"__ATOMIC_ACQUIRE", "__ATOMIC_RELEASE",
                                          "__ATOMIC_ACQ_REL", "__ATOMIC_SEQ_CST"};
    switch (below(9)) {
      case 0:
      case 5:
        return take("ATOMIC_LOAD(" + atomic + ", " + oneOf(kLoads) + ")");
      case 1:
      case 6:
        return line("ATOMIC_STORE(" + atomic + ", s, " + oneOf(kStores) + ");");
      case 2:
        return take("ATOMIC_ADD(" + atomic + ", v, " + oneOf(kUpdates) + ")");
      case 3:
        return line(std::string("FENCE(") + oneOf(kFences) + ");");
      case 4:
        return line("s += static_cast<u64>(cbrt(8));");
      default:
        return line("world_yield();");
    }
  }

  void locked() {
    open("");
    line("const Locked " + fresh("lock") + "(" + number(below(kLocks)) + ");");
    ++level_;
    statements(1 + below(3));
    --level_;
    close();
  }

  /// A local: known to nobody, or to others from some point on.
  void local() {
    const std::string name = fresh("local");
    open("");
    line("alignas(16) u8 " + name + "[" + number(kOwnBytes) + "];");
    line("MEMSET(" + name + ", v, sizeof " + name + ");");
    locals_.push_back(name);
    ++level_;
    statements(below(3));
    if (chance(75)) {
      line("const Opened " + fresh("opened") + "(" + name + ", sizeof " + name + ");");
      statements(below(2));
      line("world_yield();");
      statements(1 + below(2));
    }
    // What is stored into a local that nobody knows is needed by nobody; what is loaded is.
    --level_;
    locals_.pop_back();
    close();
  }

  void block() {
    if (chance(50)) return line("freeBlock();");
    const std::string name = fresh("block");
    open("");
    line("u8* const " + name + " = static_cast<u8*>(malloc(" + number(kOwnBytes) + "));");
    line("MEMSET(" + name + ", s, " + number(kOwnBytes) + ");");
    locals_.push_back(name);
    if (chance(50)) accessOne();
    line("world_publish(" + name + ", " + number(kOwnBytes) + ");");
    // Before others get their turn, that is: then it may be gone.
    for (u64 i = below(3); i > 0; --i) accessNeighbours();
    locals_.pop_back();
    close();
  }

  void exception() {
    if (chance(40)) {
      open("if (" + condition() + ")");
      line("USE(s);");
      line("throw 1;");
      close();
      return;
    }
    open("try");
    ++level_;
    statements(1 + below(2));
    if (chance(50)) call();
    --level_;
    close(" catch (int number) {");
    ++depth_;
    line("s += static_cast<u64>(number);");
    accessOne();
    close();
  }

  void statement() {
    const u64 pick = below(100);
    const bool may_nest = level_ < 3 && loops_ == 0;
    if (pick < 20) return accessOne();
    if (pick < 29) return accessNeighbours();
    if (pick < 33) return choose();
    if (pick < 40) return accessStruct();
    if (pick < 48) return copy();
    if (pick < 58) return call();
    if (pick < 66) {
      if (chance(60)) accessHaunt();
      synchronise();
      return chance(60) ? accessHaunt() : accessOne();
    }
    if (!may_nest) return accessOne();
    if (pick < 73) return loop();
    if (pick < 75) return pointerLoop();
    if (pick < 79) return nest();
    if (pick < 83) return scan();
    if (pick < 90) return branch();
    if (pick < 93) return locked();
    if (pick < 96) return local();
    if (pick < 98) return block();
    exception();
  }
  void statements(u64 count) {
    for (; count > 0; --count) statement();
  }

  void writeFunction(int index) {
    current_ = static_cast<u64>(index);
    is_aligned_ = chance(60);
    aligned_.push_back(is_aligned_);
    names_ = 0;
    static const char* const kKinds[] = {
        "", "", "static ", "static inline ", "__attribute__((noinline)) ", "inline "};
    std::cout << "\n";
    open(std::string(oneOf(kKinds)) + "u64 f" + number(current_) +
         "([[maybe_unused]] u8* p, [[maybe_unused]] u8* q, [[maybe_unused]] u64 n, u64 v)");
    line("u64 s = v;");
    haunts_.clear();
    if (is_aligned_) {
      line("p = static_cast<u8*>(__builtin_assume_aligned(p, 16));");
      line("q = static_cast<u8*>(__builtin_assume_aligned(q, 16));");
    }
    // Small functions that synchronise or do not, for others to call; larger ones on top.
    statements(index < 3 ? 1 + below(3) : 3 + below(6));
    line("return s;");
    close();
  }

  std::vector<bool> aligned_;  // of each function so far
  u64 current_ = 0;
  int level_ = 0, loops_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: pass-generator SEED\n";
    return 2;
  }
  Program(std::strtoull(argv[1], nullptr, 10)).write();
}
