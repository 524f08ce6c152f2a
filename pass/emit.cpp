#include "emit.h"

#include <optional>

#include "hindsight/abi.h"
#include "llvm/IR/CFG.h"
#include "llvm/IR/InlineAsm.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/MDBuilder.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"
#include "llvm/Transforms/Utils/SSAUpdater.h"
#include "llvm_versions.h"

using namespace llvm;

namespace hindsight {
namespace {

constexpr uint64_t kWord = 4;
constexpr uint32_t kStampBits = 0xfffffff0u;

bool isPowerOfTwoUpTo16(uint64_t bytes) {
  return bytes == 1 || bytes == 2 || bytes == 4 || bytes == 8 || bytes == 16;
}

bool isVolatile(const Check& check) {
  return llvm::any_of(check.parts, [](const Access& part) { return part.is_volatile; });
}

/// A field of the thread's TLS block at any place of the function: loaded at the entry and again
/// after whatever may end the epoch (or move a fiber to another thread), joined by phis.
class TlsValue {
 public:
  TlsValue(Function& function, Abi& abi, unsigned field, const SyncSummary& sync, bool keep)
      : abi_(abi), field_(field), keep_(keep) {
    if (!keep) return;
    for (BasicBlock& block : function) {
      Instruction* last = nullptr;
      for (Instruction& instruction : block)
        if (sync.mayRelease(instruction)) last = &instruction;
      if (last == nullptr) continue;
      if (last->isTerminator()) {
        for (BasicBlock* successor : successors(&block)) starts_.insert(successor);
      } else {
        last_[&block] = last;
      }
    }
    starts_.insert(&function.getEntryBlock());
    updater_.Initialize(Type::getInt64Ty(function.getContext()), "hindsight.cell");
    for (BasicBlock& block : function) {
      if (last_.count(&block) != 0)
        updater_.AddAvailableValue(&block, loadAfter(last_[&block]));
      else if (starts_.count(&block) != 0)
        updater_.AddAvailableValue(&block, loadAtStart(block));
    }
  }

  /// The cell as an i64 that is right before `where`; `release` is the last instruction in front of
  /// it in its block that may release, or null.
  Value* before(Instruction* where, Instruction* release) {
    if (!keep_) return load(*where, where->getIterator());
    BasicBlock* block = where->getParent();
    if (release != nullptr) return loadAfter(release);
    if (starts_.count(block) != 0) return loadAtStart(*block);
    return updater_.GetValueInMiddleOfBlock(block);
  }

  void dropUnused() {
    for (LoadInst* load : loads_)
      if (load->use_empty()) load->eraseFromParent();
  }

 private:
  Value* loadAfter(Instruction* instruction) {
    return load(*instruction, BasicBlock::iterator(instruction->getNextNode()));
  }
  Value* loadAtStart(BasicBlock& block) { return load(block, block.getFirstInsertionPt()); }

  /// One load for each `place`, the instruction or block that the cell is needed after.
  Value* load(const Value& place, BasicBlock::iterator where) {
    LoadInst*& known = at_[&place];
    if (known == nullptr) {
      IRBuilder<> builder(&*where);
      builder.SetCurrentDebugLocation(DebugLoc());
      known = builder.CreateLoad(builder.getInt64Ty(), abi_.tlsField(builder, field_));
      loads_.push_back(known);
    }
    return known;
  }

  Abi& abi_;
  const unsigned field_;
  const bool keep_;
  DenseMap<BasicBlock*, Instruction*> last_;
  SmallPtrSet<BasicBlock*, 16> starts_;
  DenseMap<const Value*, LoadInst*> at_;
  std::vector<LoadInst*> loads_;
  SSAUpdater updater_;
};

/// For the place of each check the last instruction in front of it, in its block, that may release;
/// null if there is none.
DenseMap<const Instruction*, Instruction*> releasesBefore(const Checks& checks,
                                                          const SyncSummary& sync) {
  DenseMap<const Instruction*, Instruction*> releases;
  SmallPtrSet<BasicBlock*, 16> blocks;
  for (const Check& check : checks) {
    releases[check.where] = nullptr;
    blocks.insert(check.where->getParent());
  }
  for (BasicBlock* block : blocks) {
    Instruction* latest = nullptr;
    for (Instruction& instruction : *block) {
      const auto place = releases.find(&instruction);
      if (place != releases.end()) place->second = latest;
      if (sync.mayRelease(instruction)) latest = &instruction;
    }
  }
  return releases;
}

class CheckEmitter {
 public:
  CheckEmitter(Function& function, Abi& abi, bool one_call, bool leaf)
      : abi_(abi),
        one_call_(one_call),
        leaf_(leaf),
        word_(Type::getInt32Ty(function.getContext())),
        weights_(MDBuilder(function.getContext()).createBranchWeights(1, (1u << 20) - 1)) {}

  void emit(const Check& check, Value* cell, Value* image) {
    image_ = image;
    IRBuilder<> builder(check.where);
    Value* base = builder.CreatePtrToInt(check.base, builder.getInt64Ty());
    Value* address =
        check.offset == 0 ? base : builder.CreateAdd(base, constant(builder, check.offset));
    BasicBlock* aside = nullptr;
    if (check.bytes < kWord)
      branchAside(check, missedSmall(builder, check, address, cell), aside);
    else
      testWords(check, address, cell, aside);
    Instruction* cold = aside->getTerminator();
    if (isOneCall(check))
      callParts(cold, check, address);
    else
      for (const Access& part : check.parts) callCold(cold, part, address, check.offset);
  }

  /// Calls instead of compares, one for each part.
  void emitCalls(const Check& check) {
    Type* const word = IRBuilder<>(check.where).getInt64Ty();
    for (const Access& part : check.parts) {
      IRBuilder<> builder(check.where);
      Value* begin = builder.CreateAdd(builder.CreatePtrToInt(part.base, word),
                                       constant(builder, part.offset));
      emit({check.where, begin, builder.getInt64(part.bytes), nullptr, nullptr, part.writes,
            part.instruction->getDebugLoc()});
    }
  }

  void emit(const RangeCheck& range) {
    IRBuilder<> builder(range.where);
    SmallVector<Value*, 5> arguments{range.begin, range.bytes};
    if (range.rows != nullptr) arguments.append({range.stride, range.rows});
    if (leaf_) arguments.push_back(returnAddress(builder));
    CallInst* call =
        builder.CreateCall(abi_.span(range.writes, range.rows != nullptr, leaf_), arguments);
    call->setDoesNotThrow();
    call->setDebugLoc(range.line);
  }

 private:
  static Value* constant(IRBuilder<>& builder, int64_t value) {
    return ConstantInt::getSigned(builder.getInt64Ty(), value);
  }

  Value* shadow(IRBuilder<>& builder, Value* address, int64_t offset, Type* type, bool writes) {
    const bool is_constant = writes && abi_.hasConstantWriteOffset();
    Value* at = is_constant
                    ? builder.CreateAdd(address, constant(builder, HINDSIGHT_WRITE_OFFSET + offset))
                    : builder.CreateAdd(address, image_);
    if (!is_constant && offset != 0) at = builder.CreateAdd(at, constant(builder, offset));
    return builder.CreateAlignedLoad(type, builder.CreateIntToPtr(at, pointerTo(type)), Align(4));
  }

  /// The cell as a word has it, one for all checks: code generation takes quadratic time to unite
  /// thousands of them.
  Value* halfOf(Value* cell) {
    auto* const whole = dyn_cast<Instruction>(cell);
    if (whole == nullptr) return ConstantExpr::getTrunc(cast<Constant>(cell), word_);
    Value*& half = halves_[whole];
    if (half == nullptr) {
      BasicBlock& block = *whole->getParent();
      IRBuilder<> builder(isa<PHINode>(whole) ? &*block.getFirstInsertionPt()
                                              : whole->getNextNode());
      builder.SetCurrentDebugLocation(DebugLoc());
      half = builder.CreateTrunc(whole, word_);
    }
    return half;
  }

  /// Leaves for the check's cold block if `missed`; the check goes on in front of its place.
  void branchAside(const Check& check, Value* missed, BasicBlock*& cold) {
    if (cold == nullptr) {
      cold = SplitBlockAndInsertIfThen(missed, check.where, false, weights_)->getParent();
      return;
    }
    BasicBlock* head = check.where->getParent();
    BasicBlock* tail = head->splitBasicBlock(check.where->getIterator());
    head->getTerminator()->eraseFromParent();
    BranchInst::Create(cold, tail, missed, head)->setMetadata(LLVMContext::MD_prof, weights_);
    cold->getTerminator()->setSuccessor(0, tail);
    cold->moveBefore(tail);
  }

  /// Four bytes or more: the cells of all words touched must equal the current cell. A compare with
  /// memory and its branch are one operation of the processor, so several are cheaper than joining
  /// their results.
  void testWords(const Check& check, Value* address, Value* cell, BasicBlock*& cold) {
    Value* first = address;
    Value* last = nullptr;  // the last word, if that depends on where in its word the access starts
    if (check.align.value() < kWord) {
      IRBuilder<> builder(check.where);
      Value* last_byte =
          builder.CreateAdd(address, constant(builder, static_cast<int64_t>(check.bytes) - 1));
      first = builder.CreateAnd(address, constant(builder, -static_cast<int64_t>(kWord)));
      last = builder.CreateAnd(last_byte, constant(builder, -static_cast<int64_t>(kWord)));
    }
    const uint64_t bytes = (check.bytes + kWord - 1) / kWord * kWord;
    for (uint64_t done = 0; done < bytes;) {
      const uint64_t step = bytes - done >= 8 ? 8 : 4;
      testCells(check, first, static_cast<int64_t>(done), step, cell, cold);
      done += step;
    }
    if (last != nullptr) testCells(check, last, 0, kWord, cell, cold);
  }

  void testCells(const Check& check, Value* address, int64_t offset, uint64_t bytes, Value* cell,
                 BasicBlock*& cold) {
    IRBuilder<> builder(check.where);
    Type* type = bytes == 8 ? builder.getInt64Ty() : builder.getInt32Ty();
    Value* own = bytes == 8 ? cell : halfOf(cell);
    Value* seen = shadow(builder, address, offset, type, check.writes);
    branchAside(check, builder.CreateICmpNE(seen, own), cold);
  }

  /// One or two bytes: the stamp must be the current one and the bytes' mask bits be set.
  Value* missedSmall(IRBuilder<>& builder, const Check& check, Value* address, Value* cell) {
    Value* at = builder.CreateAnd(address, constant(builder, -static_cast<int64_t>(kWord)));
    Value* seen = shadow(builder, at, 0, word_, check.writes);
    Value* difference = builder.CreateXor(seen, halfOf(cell));
    const uint32_t run = (1u << check.bytes) - 1;
    Value* shift = builder.CreateAnd(builder.CreateTrunc(address, word_), builder.getInt32(3));
    Value* mask = builder.CreateShl(builder.getInt32(run), shift);
    Value* wanted = builder.CreateOr(mask, builder.getInt32(kStampBits));
    Value* missed = builder.CreateAnd(difference, wanted);
    if (check.bytes > 1 && check.align.value() < check.bytes) {
      // Two bytes that may lie in two words: the mask's fifth bit says so.
      Value* crosses = builder.CreateLShr(mask, builder.getInt32(4));
      missed = builder.CreateOr(missed, crosses);
    }
    return builder.CreateICmpNE(missed, builder.getInt32(0));
  }

  void callCold(Instruction* where, const Access& part, Value* address, int64_t check_offset) {
    IRBuilder<> builder(where);
    Value* at = part.offset == check_offset
                    ? address
                    : builder.CreateAdd(address, constant(builder, part.offset - check_offset));
    const DebugLoc line = part.instruction->getDebugLoc();
    if (isPowerOfTwoUpTo16(part.bytes))
      call(builder, abi_.check(part, leaf_), {at}, line);
    else
      call(builder, abi_.range(part.writes, leaf_), {at, builder.getInt64(part.bytes)}, line);
  }

  /// The no-op by which the line of part `index` is found.
  InlineAsm* markOf(size_t index) {
    if (isForAArch64(abi_.module()))
      return assembly(".inst " +
                      std::to_string(HINDSIGHT_MARK_AARCH64(static_cast<unsigned>(index))));
    constexpr unsigned char kOpcode[] = HINDSIGHT_MARK_OPCODE, kMagic[] = HINDSIGHT_MARK_MAGIC;
    std::string text = ".byte ";
    for (const size_t byte : {size_t{kOpcode[0]}, size_t{kOpcode[1]}, size_t{kOpcode[2]}, index,
                              size_t{0}, size_t{kMagic[0]}, size_t{kMagic[1]}})
      text += (text.back() == ' ' ? "" : ",") + std::to_string(byte);
    return assembly(text);
  }

  InlineAsm* assembly(const std::string& text) {
    return InlineAsm::get(FunctionType::get(Type::getVoidTy(abi_.module().getContext()), false),
                          text, "", true);
  }

  bool isOneCall(const Check& check) const {
    return one_call_ && check.parts.size() > 1 && check.bytes <= HINDSIGHT_PARTS_WORDS * kWord &&
           !isVolatile(check);
  }

  /// All parts by one call (hindsight/abi.h). They are sorted by offset.
  void callParts(Instruction* where, const Check& check, Value* address) {
    IRBuilder<> builder(where);
    uint64_t starts = 0;
    SmallVector<DebugLoc, 8> lines;
    for (const Access& part : check.parts) {
      const auto word = static_cast<uint64_t>(part.offset - check.offset) / kWord;
      if (!lines.empty() && (word == 0 || (starts >> (word - 1)) != 0))
        continue;  // no word of its own
      if (word != 0) starts |= 1ull << (word - 1);
      lines.push_back(part.instruction->getDebugLoc());
    }
    call(builder, abi_.parts(check.writes, leaf_),
         {address, builder.getInt64(check.bytes | starts << HINDSIGHT_STARTS_SHIFT)}, lines[0]);
    for (size_t i = 1; i < lines.size(); ++i)
      builder.CreateCall(markOf(i), {})->setDebugLoc(lines[i]);
  }

  void call(IRBuilder<>& builder, FunctionCallee callee, SmallVector<Value*, 3> arguments,
            const DebugLoc& line) {
    if (leaf_) arguments.push_back(returnAddress(builder));
    CallInst* call = builder.CreateCall(callee, arguments);
    call->setCallingConv(CallingConv::PreserveAll);
    call->setDoesNotThrow();
    // Merging two cold calls would lose which line each stands for.
    call->addFnAttr(Attribute::NoMerge);
    call->setDebugLoc(line);
  }

  Abi& abi_;
  const bool one_call_;
  const bool leaf_;
  Type* const word_;
  MDNode* const weights_;
  DenseMap<const Instruction*, Value*> halves_;
  Value* image_ =
      nullptr;  // offset of the cells for the check being written, unless it is a constant
};

/// Whether so many checks are better calls. Each compare begins a block, and code generation takes
/// more than linear time for thousands of these. What runs once has little use for compares.
bool isTooLargeForCompares(const Function& function, const Checks& checks) {
  constexpr size_t kMost = 6000, kMostAtStart = 500;
  return checks.size() > (function.getSection() == ".text.startup" ? kMostAtStart : kMost);
}

}  // namespace

Abi::Abi(Module& module) : module_(module) {
  LLVMContext& context = module.getContext();
  Type* block = ArrayType::get(Type::getInt64Ty(context), hasConstantWriteOffset() ? 3 : 4);
  tls_ = cast<GlobalVariable>(module.getOrInsertGlobal(HINDSIGHT_TLS_SYMBOL, block));
  tls_->setThreadLocalMode(GlobalValue::InitialExecTLSModel);
}

bool Abi::hasConstantWriteOffset() const { return !isForAArch64(module_); }

Value* Abi::tlsField(IRBuilder<>& builder, unsigned offset) {
  return builder.CreateConstInBoundsGEP2_64(tls_->getValueType(), tls_, 0, offset / 8);
}

FunctionCallee Abi::coldFunction(const std::string& name, bool leaf, bool has_size) {
  LLVMContext& context = module_.getContext();
  Type* word = Type::getInt64Ty(context);
  SmallVector<Type*, 3> parameters(1 + has_size + leaf, word);
  FunctionCallee callee = module_.getOrInsertFunction(
      leaf ? name + "_leaf" : name, FunctionType::get(Type::getVoidTy(context), parameters, false));
  auto* function = cast<Function>(callee.getCallee());
  function->setCallingConv(CallingConv::PreserveAll);
  function->addFnAttr(Attribute::NoUnwind);
  function->addFnAttr(Attribute::Cold);
  // Through the GOT from a shared library: a lazy binding's resolver changes general registers that
  // preserve_all promises to keep.
  function->addFnAttr(Attribute::NonLazyBind);
  return callee;
}

FunctionCallee Abi::check(const Access& access, bool leaf) {
  const std::string name = access.writes ? "write" : "read";
  return coldFunction((access.is_volatile ? "__hindsight_volatile_" : "__hindsight_") + name +
                          std::to_string(access.bytes),
                      leaf, false);
}

FunctionCallee Abi::range(bool writes, bool leaf) {
  return coldFunction(writes ? "__hindsight_write_range" : "__hindsight_read_range", leaf, true);
}

FunctionCallee Abi::parts(bool writes, bool leaf) {
  return coldFunction(writes ? "__hindsight_write_parts" : "__hindsight_read_parts", leaf, true);
}

FunctionCallee Abi::span(bool writes, bool rows, bool leaf) {
  LLVMContext& context = module_.getContext();
  SmallVector<Type*, 5> parameters(2 + 2 * rows + leaf, Type::getInt64Ty(context));
  const std::string name =
      std::string(writes ? "__hindsight_write_" : "__hindsight_read_") + (rows ? "rows" : "span");
  FunctionCallee callee = module_.getOrInsertFunction(
      leaf ? name + "_leaf" : name, FunctionType::get(Type::getVoidTy(context), parameters, false));
  cast<Function>(callee.getCallee())->addFnAttr(Attribute::NoUnwind);
  return callee;
}

void emitChecks(Function& function, Abi& abi, Checks checks, const std::vector<RangeCheck>& ranges,
                const SyncSummary& sync, const Options& options, bool leaf) {
  CheckEmitter emitter(function, abi, options.parts, leaf);
  for (const RangeCheck& range : ranges) emitter.emit(range);
  if (!options.in_line || isTooLargeForCompares(function, checks)) {
    Checks compared;  // the calls do not say that an access is volatile
    for (Check& check : checks)
      if (isVolatile(check))
        compared.push_back(std::move(check));
      else
        emitter.emitCalls(check);
    checks = std::move(compared);
  }
  if (checks.empty()) return;
  // All values first: emitting splits blocks.
  TlsValue current(function, abi, HINDSIGHT_TLS_CELL, sync, options.keep);
  TlsValue read_image(function, abi, HINDSIGHT_TLS_READ_OFFSET, sync, options.keep);
  std::optional<TlsValue> write_image;
  if (!abi.hasConstantWriteOffset())
    write_image.emplace(function, abi, HINDSIGHT_TLS_WRITE_OFFSET, sync, options.keep);
  const auto releases = releasesBefore(checks, sync);
  const auto imageOf = [&](const Check& check, Instruction* release) -> Value* {
    if (!check.writes) return read_image.before(check.where, release);
    return write_image ? write_image->before(check.where, release) : nullptr;
  };
  std::vector<Value*> cells, images;
  for (const Check& check : checks) {
    Instruction* const release = releases.lookup(check.where);
    cells.push_back(current.before(check.where, release));
    images.push_back(imageOf(check, release));
  }
  // From the last place to the first: a split moves what is behind it, up to the next split. Checks
  // at one place stay in their order.
  for (size_t end = checks.size(); end > 0;) {
    size_t begin = end - 1;
    while (begin > 0 && checks[begin - 1].where == checks[begin].where) --begin;
    for (size_t i = begin; i < end; ++i) emitter.emit(checks[i], cells[i], images[i]);
    end = begin;
  }
  current.dropUnused();
  read_image.dropUnused();
  if (write_image) write_image->dropUnused();
}

}  // namespace hindsight
