// stack.h - a stack with names, cut down to the program's own part.
//
// What every stack has in common says nothing: libc's start of a thread, std::thread's plumbing,
// the runtime's own frames. They go, at both ends; what libomp does between a directive and the
// code under it goes everywhere, as does what calls an initialiser for the runtime. At least one
// frame always stays.
//
// Thread safety: none; a stack belongs to one thread. Allocation: arena, freed by the destructor.
#pragma once

#include "report/race_report.h"
#include "report/symbolizer.h"

namespace hindsight {

struct NamedFrame {
  const SymbolizedPc* at;
  const SourceFrame* source;
};

class NamedStack {
 public:
  NamedStack(const StackView& stack, const SymbolSource& symbols);
  ~NamedStack();
  NamedStack(const NamedStack&) = delete;
  NamedStack& operator=(const NamedStack&) = delete;

  bool empty() const { return first_ == last_; }
  const NamedFrame* begin() const { return frames_ + first_; }
  const NamedFrame* end() const { return frames_ + last_; }
  u32 count() const { return last_ - first_; }

 private:
  void dropInsides();
  void trim();

  NamedFrame* frames_ = nullptr;
  u32 capacity_ = 0;
  u32 first_ = 0, last_ = 0;
};

}  // namespace hindsight
