// writer.h - the words of a random program: chance, text, addresses, and the accesses without
// loops.
//
// What all of it has to heed is in generator.cpp.
#pragma once

#include <cstdint>
#include <iostream>
#include <random>
#include <string>
#include <vector>

#include "model/pass/world.h"

namespace pass_model {

constexpr int kFunctions = 9, kGlobals = 4;
constexpr u64 kGlobalBytes = 256;
constexpr u64 kOwnBytes = 224;  // of locals and blocks that others get as p or q

struct Type {
  const char* name;
  u64 bytes;
};
constexpr Type kTypes[] = {{"u8", 1},  {"u16", 2}, {"u32", 4},  {"u64", 8},
                           {"u32", 4}, {"u64", 8}, {"vec", 16}, {"u128", 16}};

class Writer {
 public:
  explicit Writer(u64 seed) : random_(seed) {}

 protected:
  // --- Chance -----------------------------------------------------------------------------------
  u64 below(u64 limit) { return random_() % limit; }
  bool chance(u64 percent) { return below(100) < percent; }
  std::string number(u64 value) { return std::to_string(value); }
  template <size_t N>
  const char* oneOf(const char* const (&choices)[N]) {
    return choices[below(N)];
  }

  // --- Text -------------------------------------------------------------------------------------
  void line(const std::string& text) {
    std::cout << std::string(2 * static_cast<size_t>(depth_), ' ') << text << "\n";
  }
  void open(const std::string& text) {
    line(text + " {");
    ++depth_;
  }
  void close(const std::string& text = "") {
    --depth_;
    line("}" + text);
  }
  std::string fresh(const char* prefix) { return prefix + number(static_cast<u64>(names_++)); }

  // --- Addresses and values ---------------------------------------------------------------------
  /// Something with kReach bytes behind it: a parameter, a global, a local of this function.
  struct Base {
    std::string text;
    bool aligned;
  };
  Base base() {
    const u64 pick = below(10 + locals_.size());
    if (pick < 4) return {"p", is_aligned_};
    if (pick < 7) return {"q", is_aligned_};
    if (pick < 10) return {"g" + number(below(kGlobals)), true};
    return {locals_[pick - 10], true};
  }
  Type type() { return kTypes[below(std::size(kTypes))]; }

  /// The type's name for an address that is `base` and a multiple of its size, or any offset.
  std::string nameFor(const Type& type, const Base& base, u64 offset) {
    const bool natural = base.aligned && offset % type.bytes == 0;
    return type.bytes == 1 || natural ? type.name : std::string(type.name) + "_any";
  }
  u64 offsetFor(u64 bytes, u64 step) {
    const u64 offset = below(kReach - bytes + 1);
    return chance(75) ? offset / step * step : offset;
  }

  std::string value(const std::string& type) {
    const std::string what = chance(50) ? "s" : chance(50) ? "v" : "n";
    return "make<" + type + ">(" + what + " * " + number(below(1000) * 2 + 1) + " + " +
           number(below(1000)) + ")";
  }
  std::string condition() {
    return "((" + std::string(chance(60) ? "v" : "s") + " >> " + number(below(30)) + ") & " +
           (chance(70) ? "1" : "3") + ") != 0";
  }
  void take(const std::string& read) {
    if (chance(50))
      line("s += num(" + read + ") * " + number(below(100) * 2 + 1) + ";");
    else
      line("s = s * 3 + num(" + read + ");");
  }

  /// An access of `type` to `at`, whose alignment `name` knows.
  void touch(const std::string& name, const std::string& at) {
    const u64 kind = below(10);
    if (kind < 4)
      take((chance(4) ? "LD_VOLATILE(" : "LD(") + name + ", " + at + ")");
    else if (kind < 8)
      line("ST(" + name + ", " + at + ", " + value(name) + ");");
    else
      line("ST(" + name + ", " + at + ", make<" + name + ">(num(LD(" + name + ", " + at + ")) + " +
           number(1 + below(9)) + "));");
  }

  // --- Statements -------------------------------------------------------------------------------
  void accessOne() {
    if (chance(45)) return accessHaunt();
    const Type what = type();
    const Base where = base();
    if (chance(15)) {  // an index that is not known
      const u64 count = 2 + below(6), offset = offsetFor(what.bytes * count, what.bytes);
      return touch(nameFor(what, where, offset), where.text + " + " + number(offset) + " + v % " +
                                                     number(count) + " * " + number(what.bytes));
    }
    const u64 offset = offsetFor(what.bytes, what.bytes);
    touch(nameFor(what, where, offset), where.text + " + " + number(offset));
  }

  /// One of the few places that a function comes back to, before a synchronisation and behind it.
  void accessHaunt() {
    if (haunts_.empty()) {
      Base where = base();
      while (where.text.size() > 2) where = base();  // a local may be out of scope then
      const u64 offset = below(kReach - 32) / 4 * 4;
      // Neighbours, or one behind the other.
      const Type first = type(), second = type();
      const u64 next = offset + (chance(50) ? 0 : (first.bytes + 3) / 4 * 4);
      haunts_.push_back({nameFor(first, where, offset), where.text + " + " + number(offset)});
      haunts_.push_back({nameFor(second, where, next), where.text + " + " + number(next)});
    }
    const Haunt& haunt = haunts_[below(haunts_.size())];
    touch(haunt.name, haunt.at);
  }

  /// A value that is read under a condition, and kept.
  void choose() {
    const Type what = type();
    const Base where = base(), other = base();
    const u64 offset = offsetFor(what.bytes, what.bytes),
              other_offset = offsetFor(what.bytes, what.bytes);
    const std::string name = nameFor(what, where, offset),
                      other_name = nameFor(what, other, other_offset);
    const std::string at = where.text + " + " + number(offset), x = fresh("x");
    // The type itself: a reference to a misaligned one is no value.
    if (chance(30)) {
      const std::string either = name == other_name ? name : "u8";
      line("const " + either + "& " + x + " = " + condition() + " ? LD(" + either + ", " + at + ") : LD(" + either +
           ", " + other.text + " + " + number(other_offset) + ");");
      return take(x);
    }
    line(std::string(what.name) + " " + x + " = " + value(what.name) + ";");
    open("if (" + condition() + ")");
    line(x + " = LD(" + name + ", " + at + ");");
    if (chance(60)) {
      close(" else {");
      ++depth_;
      line(x + " = LD(" + other_name + ", " + other.text + " + " + number(other_offset) + ");");
    }
    close();
    if (chance(40)) {
      open("if (" + condition() + ")");
      line("ST(" + name + ", " + at + ", " + value(name) + ");");
      close();
    }
    take(x);
  }

  /// Neighbours, and bytes that overlap them.
  void accessNeighbours() {
    const Base where = base();
    const u64 begin = below(kReach - 64) / 4 * 4, count = 2 + below(5);
    for (u64 i = 0; i < count; ++i) {
      const Type what = type();
      const u64 offset = begin + below(48 / what.bytes) * what.bytes;
      touch(nameFor(what, where, offset), where.text + " + " + number(offset));
    }
  }

  void accessStruct() {
    const Base where = base();
    const std::string member[] = {"a", "b", "c", "d"};
    if (where.aligned && chance(40)) {
      const std::string at =
          "reinterpret_cast<Small*>(" + where.text + " + " + number(below(10) * 16) + ")->";
      for (u64 i = 0; i < 1 + below(3); ++i) {
        const u64 which = below(3);
        touch(which == 2 ? "u64" : "u32", "&" + at + member[which]);
      }
      return;
    }
    const std::string at = "reinterpret_cast<Record*>(" + where.text + " + " +
                           number(below(kReach - sizeof(Record))) + ")->";
    const char* names[] = {"u8", "u16_any", "u32_any", "u64_any"};
    for (u64 i = 0; i < 1 + below(4); ++i) {
      const u64 which = below(6);
      // Members of packed structs by their place: their addresses may not be taken as what they
      // are.
      constexpr u64 kOffsets[] = {0, 1, 3, 7};
      if (which < 4)
        touch(names[which], "reinterpret_cast<u8*>(&" + at + "a) + " + number(kOffsets[which]));
      else if (which == 4)
        touch("u8", "&" + at + "e[" + (chance(50) ? "v % 9" : number(below(9))) + "]");
      else
        touch("u32_any", "reinterpret_cast<u8*>(&" + at + "e[8]) + 1 + 4 * " +
                             (chance(50) ? "(v % 4)" : number(below(4))));
    }
  }

  void copy() {
    const bool there = chance(50);
    const std::string to = there ? "p" : "q", from = there ? "q" : "p";
    const u64 bytes = chance(50) ? 1 + below(40) : 1 + below(120);
    const std::string to_at = to + " + " + number(below(kReach - bytes)),
                      from_at = from + " + " + number(below(kReach - bytes));
    const auto copies = [this](const std::string& begin) {
      const bool is_kept = chance(50);
      line(begin + (is_kept ? ", kRead);" : ", kReadPerhaps);"));
      if (is_kept) line("KEEP();");
    };
    switch (below(8)) {
      case 0:
        return copies("MEMCPY(" + to_at + ", " + from_at + ", " + number(bytes));
      case 1:
        return copies("MEMCPY(" + to + " + " + number(below(kReach - 100)) + ", " + from + " + " +
                      number(below(kReach - 100)) + ", n * " + number(1 + below(8)));
      case 2:
        return line("MEMSET(" + to_at + ", v, " + number(bytes) + ");");
      case 3:
        return line("MEMSET(" + to + " + " + number(below(kReach - 100)) + ", s, n * " +
                    number(1 + below(8)) + ");");
      case 4: {
        std::string moved = to_at;  // not to itself: the optimiser drops that
        while (moved == to_at) moved = to + " + " + number(below(kReach - bytes));
        return copies("MEMMOVE(" + to_at + ", " + moved + ", " + number(bytes));
      }
      case 5:
        return copies("COPY(Record, " + to + " + " + number(below(kReach - 40)) + ", " + from +
                      " + " + number(below(kReach - 40)));
      case 6:
        return is_aligned_ ? copies("COPY(Small, " + to + " + " + number(below(11) * 16) + ", " +
                                    from + " + " + number(below(11) * 16))
                           : line("MEMSET(" + to_at + ", v, " + number(bytes) + ");");
      default:
        return line("s += sumOf(LD(Record, " + base().text + " + " + number(below(kReach - 40)) +
                    "));");
    }
  }

  std::mt19937_64 random_;
  std::vector<std::string> locals_;  // that are in scope here
  struct Haunt {
    std::string name, at;
  };
  std::vector<Haunt> haunts_;  // of this function
  bool is_aligned_ = false;    // p and q are
  int depth_ = 0, names_ = 0;
};

}  // namespace pass_model
