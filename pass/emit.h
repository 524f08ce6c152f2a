// emit.h - the inline tests themselves and everything else the pass writes into a function.
#pragma once

#include <string>
#include <vector>

#include "plan.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Module.h"
#include "llvm/IR/PassManager.h"

namespace hindsight {

/// A range checked once before a loop, or on a way out of it: [begin, begin + bytes), or `rows` of
/// those, `stride` apart.
struct RangeCheck {
  llvm::Instruction* where;  // the end of the preheader, or of a block on the way out
  llvm::Value* begin;        // i64
  llvm::Value* bytes;        // i64
  llvm::Value* stride;       // i64, or null
  llvm::Value* rows;         // i64, or null
  bool writes;
  llvm::DebugLoc line;
};

/// The runtime's symbols as seen from one module.
class Abi {
 public:
  explicit Abi(llvm::Module& module);

  /// `__hindsight_[volatile_]{read,write}{bytes}[_leaf]` and the range forms, preserve_all.
  llvm::FunctionCallee check(const Access& access, bool leaf);
  llvm::FunctionCallee range(bool writes, bool leaf);
  /// Several accesses that one check stands for.
  llvm::FunctionCallee parts(bool writes, bool leaf);
  /// The check of a whole loop, in front of it: ordinary calling convention.
  llvm::FunctionCallee span(bool writes, bool rows, bool leaf);
  /// The field of the thread's TLS block at `offset`, as a pointer to i64.
  llvm::Value* tlsField(llvm::IRBuilder<>& builder, unsigned offset);
  /// Otherwise it is a field of the TLS block.
  bool hasConstantWriteOffset() const;
  llvm::Module& module() { return module_; }

 private:
  llvm::FunctionCallee coldFunction(const std::string& name, bool leaf, bool has_size);
  llvm::Module& module_;
  llvm::GlobalVariable* tls_;
};

/// Leaves alone what runs before the program is relocated: resolvers of ifuncs, and copies of what
/// they call.
void exemptResolvers(llvm::Module& module);

/// Writes all checks of a function. `leaf`: the function makes no other calls, so its cold calls
/// pass its return address along instead of finding it on the shadow stack.
void emitChecks(llvm::Function& function, Abi& abi, Checks checks,
                const std::vector<RangeCheck>& ranges, const SyncSummary& sync,
                const Options& options, bool leaf);

/// Pushes and pops the shadow stack.
void emitFrames(llvm::Function& function, Abi& abi);

/// Rewrites atomic instructions, fences and memory intrinsics as calls of the runtime.
/// Returns whether there were any. Memory intrinsics only if `plain`.
bool lowerAtomics(llvm::Function& function, Abi& abi);
bool lowerMemoryIntrinsics(llvm::Function& function, Abi& abi, const Options& options);

/// Inline assembly with atomic operations and fences in it (assembly_text.h): calls of the runtime
/// before and after it. Returns whether there was any.
bool lowerAssembly(llvm::Function& function, Abi& abi);
bool isSynchronisingAssembly(const llvm::Instruction& instruction);

/// Vector instructions that touch some of their lanes: a call before each names the lanes. Returns
/// whether there were any.
bool checkMasked(llvm::Function& function, Abi& abi);
bool isMasked(const llvm::Instruction& instruction);

/// Gives the ways round a loop that need no synchronisation a backedge of their own, of which
/// LoopSimplify makes an inner loop. Returns whether there were any.
bool splitLoops(llvm::Function& function, const SyncSummary& sync,
                llvm::FunctionAnalysisManager& analyses);

/// Coalesces checks of loops: takes them out of `accesses` and returns them as ranges.
std::vector<RangeCheck> coalesceLoops(llvm::Function& function, Accesses& accesses,
                                      const SyncSummary& sync, const Options& options,
                                      llvm::FunctionAnalysisManager& analyses);

/// The same for loops that have no known trip count: the ranges are checked on the ways out.
std::vector<RangeCheck> checkAfterLoops(llvm::Function& function, Accesses& accesses,
                                        const SyncSummary& sync,
                                        llvm::FunctionAnalysisManager& analyses);

}  // namespace hindsight
