// Inline assembly that synchronises: a call before it and one after it tell the runtime.
//
// The runtime cannot do such an operation itself, as it does atomic instructions: it is told what
// will happen, and that it has. Before the assembly it checks writes and updates and publishes the
// clock (behind it the memory may be somebody else's: an unlock, the last count of a reference),
// after it takes over what others have published. So an operation may seem to order more than it
// did, and never less.
//
// `asm goto` may go on in several blocks, and these may come from elsewhere: the address is handed
// on in a variable.
#include "assembly_text.h"
#include "emit.h"
#include "hindsight/abi.h"
#include "processor_fences.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/IR/CFG.h"
#include "llvm/IR/InlineAsm.h"
#include "llvm/IR/InstIterator.h"
#include "llvm_versions.h"

using namespace llvm;

namespace hindsight {
namespace {

/// One memory that a piece of assembly works on.
struct Place {
  const AssemblyMemory* memory;
  Value* pointer;  // or the address as an integer
  Value* index;    // or null
  Value* bits;     // or null
  int64_t displacement;
  unsigned bytes;      // 0 unknown
  unsigned bit_bytes;  // of the words that bits are counted in
};

bool isSize(unsigned bytes) {
  return bytes == 1 || bytes == 2 || bytes == 4 || bytes == 8 || bytes == 16;
}

/// `{rdi}` and `{di}` as "di".
std::string registerOf(StringRef code) {
  if (!code.consume_front("{") || !code.consume_back("}")) return {};
  if (code.size() == 3 && (code[0] == 'r' || code[0] == 'e') && !isDigit(code[1]))
    code = code.drop_front();
  return code.str();
}

/// The operands of a call of inline assembly, by their numbers in the text.
class Operands {
 public:
  Operands(const CallBase& call, const InlineAsm& assembly) : call_(call) {
    unsigned argument = 0, result = 0;
    for (InlineAsm::ConstraintInfo& constraint : assembly.ParseConstraints()) {
      if (constraint.Type != InlineAsm::isOutput && constraint.Type != InlineAsm::isInput) continue;
      const bool is_result = constraint.Type == InlineAsm::isOutput && !constraint.isIndirect;
      const int at = is_result ? -1 : static_cast<int>(argument++);
      const StringRef code =
          constraint.Codes.size() == 1 ? StringRef(constraint.Codes[0]) : StringRef();
      // "+r" is a result and an input that begins in its register, by the result's number.
      unsigned tied;
      if (at >= 0 && !code.empty() && !code.getAsInteger(10, tied) && tied < operands_.size() &&
          operands_[tied].argument < 0)
        operands_[tied].argument = at;
      const bool is_constant = code == "i" || code == "n";
      operands_.push_back({at, constraint.isIndirect, is_constant,
                           is_result ? typeOfResult(result++) : nullptr, registerOf(code)});
    }
    is_understood_ = argument == call.arg_size();
  }

  bool isUnderstood() const { return is_understood_; }

  /// False if the operand is no memory and no address.
  bool locate(const AssemblyMemory& memory, Place& place) const {
    const Operand* base = operandOf(memory.at);
    if (base == nullptr || base->argument < 0 || base->is_indirect == memory.at.is_address)
      return false;
    Value* pointer = call_.getArgOperand(static_cast<unsigned>(base->argument));
    Type* type = pointer->getType();
    if (type->isPointerTy() ? type->getPointerAddressSpace() != 0 : !type->isIntegerTy(64))
      return false;
    const unsigned beside = widthOf(memory.beside);
    unsigned element = type->isPointerTy()
                           ? bytesOf(elementType(call_, static_cast<unsigned>(base->argument)))
                           : 0;
    if (!isSize(element) || (isSize(beside) && beside < element)) element = beside;
    place = {&memory,
             pointer,
             nullptr,
             nullptr,
             memory.at.displacement,
             memory.bytes != 0 ? memory.bytes : element,
             memory.bytes != 0 ? memory.bytes : beside};
    if (memory.at.offset >= 0) {
      const auto* offset = dyn_cast_or_null<ConstantInt>(valueOf(memory.at.offset));
      if (offset == nullptr || offset->getBitWidth() > 64) return false;
      place.displacement += offset->getSExtValue();
    }
    if (memory.at.index >= 0) {
      place.index = valueOf(memory.at.index);
      if (place.index == nullptr || !place.index->getType()->isIntegerTy(64)) return false;
    }
    if (memory.at.bits >= 0 && !operands_[static_cast<size_t>(memory.at.bits)].is_constant) {
      Value* bits = valueOf(memory.at.bits);
      if (bits != nullptr && bits->getType()->isIntegerTy() &&
          (place.bit_bytes == 4 || place.bit_bytes == 8))
        place.bits = bits;
    }
    if (!isSize(place.bytes) || !memory.is_checked) place.bytes = 0;
    return true;
  }

 private:
  struct Operand {
    int argument;  // of the call; -1: a result
    bool is_indirect, is_constant;
    Type* result;      // its type, or null
    std::string name;  // of the register that it has to be in
  };
  const Operand* operandOf(const AssemblyAddress& at) const {
    if (at.base.empty())
      return static_cast<size_t>(at.operand) < operands_.size()
                 ? &operands_[static_cast<size_t>(at.operand)]
                 : nullptr;
    const auto* found = find_if(operands_, [&](const Operand& operand) {
      return operand.argument >= 0 && operand.name == at.base;
    });
    return found == operands_.end() ? nullptr : found;
  }
  /// What goes into a register; null if the operand is none.
  Value* valueOf(int number) const {
    if (number < 0 || static_cast<size_t>(number) >= operands_.size()) return nullptr;
    const Operand& operand = operands_[static_cast<size_t>(number)];
    return operand.argument < 0 || operand.is_indirect
               ? nullptr
               : call_.getArgOperand(static_cast<unsigned>(operand.argument));
  }
  Type* typeOfResult(unsigned index) const {
    auto* several = dyn_cast<StructType>(call_.getType());
    return several != nullptr ? several->getElementType(index) : call_.getType();
  }
  unsigned bytesOf(Type* type) const {
    if (type == nullptr || !type->isSized()) return 0;
    return static_cast<unsigned>(
        call_.getModule()->getDataLayout().getTypeStoreSize(type).getKnownMinValue());
  }
  /// Of a register; 0 if there is none.
  unsigned widthOf(int number) const {
    if (number < 0 || static_cast<size_t>(number) >= operands_.size()) return 0;
    const Operand& operand = operands_[static_cast<size_t>(number)];
    if (operand.is_indirect || operand.is_constant) return 0;
    if (operand.result != nullptr) return bytesOf(operand.result);
    return operand.argument < 0
               ? 0
               : bytesOf(call_.getArgOperand(static_cast<unsigned>(operand.argument))->getType());
  }
  const CallBase& call_;
  SmallVector<Operand, 8> operands_;
  bool is_understood_;
};

AssemblyText read(const InlineAsm& assembly, const Module& module) {
  const StringRef text = assembly.getAsmString();
  if (isForAArch64(module)) return readAArch64Assembly(text);
  if (!isForX86_64(module)) return {};
  return readX86Assembly(text, assembly.getDialect() == InlineAsm::AD_Intel);
}

/// Of a call or an `asm goto`.
const InlineAsm* assemblyOf(const Instruction& instruction) {
  if (!isa<CallInst>(instruction) && !isa<CallBrInst>(instruction)) return nullptr;
  const auto& call = cast<CallBase>(instruction);
  return call.isInlineAsm() ? cast<InlineAsm>(call.getCalledOperand()) : nullptr;
}

SmallVector<Place, 2> placesOf(const CallBase& call, const InlineAsm& assembly,
                               const AssemblyText& text) {
  SmallVector<Place, 2> places;
  const Operands operands(call, assembly);
  if (!operands.isUnderstood()) return places;
  bool is_first = true;
  for (const AssemblyMemory& memory : text.memory) {
    Place place;
    const bool is_known = operands.locate(memory, place);
    // What comes first may have acquired what makes the others no race.
    if (!is_first) place.bytes = 0;
    if (is_known) places.push_back(place);
    if (is_known || memory.at.is_address) is_first = false;
  }
  // The check of a read comes behind the whole text, when what has been read may be somebody
  // else's.
  if (places.size() > 1 && !places.front().memory->writes) places.front().bytes = 0;
  return places;
}

class AssemblyLowering {
 public:
  explicit AssemblyLowering(Abi& abi) : abi_(abi) {}

  bool lower(CallBase& call, const InlineAsm& assembly) {
    const AssemblyText text = read(assembly, abi_.module());
    if (!text.synchronises()) return false;
    const auto places = placesOf(call, assembly, text);
    IRBuilder<> before(&call);
    if (text.fences) fence(before);
    SmallVector<Value*, 2> addresses;
    for (const Place& place : places) {
      addresses.push_back(addressOf(before, place));
      tell(before, "__hindsight_assembly_begin", addresses.back(), place);
    }
    for (size_t i = 0; i < places.size(); ++i)
      if (places[i].memory->reads) tellBehind(call, addresses[i], places[i]);
    return text.fences || !places.empty();
  }

  void fenceBefore(CallBase& call) {
    IRBuilder<> before(&call);
    fence(before);
  }

 private:
  void fence(IRBuilder<>& builder) {
    constexpr uint32_t kSeqCst = 5;  // of the C ABI
    FunctionCallee callee = abi_.module().getOrInsertFunction(
        "__hindsight_atomic_fence", builder.getVoidTy(), builder.getInt32Ty());
    builder.CreateCall(callee, {builder.getInt32(kSeqCst)});
  }

  Value* addressOf(IRBuilder<>& builder, const Place& place) {
    Type* pointer = pointerTo(builder.getInt8Ty());
    Value* address = place.pointer->getType()->isPointerTy()
                         ? builder.CreateBitCast(place.pointer, pointer)
                         : builder.CreateIntToPtr(place.pointer, pointer);
    if (place.displacement != 0)
      address =
          moved(builder, address, builder.getInt64(static_cast<uint64_t>(place.displacement)));
    if (place.index != nullptr)
      address =
          moved(builder, address,
                builder.CreateMul(place.index,
                                  builder.getInt64(static_cast<uint64_t>(place.memory->at.scale))));
    if (place.bits != nullptr) {
      Value* bits = builder.CreateSExtOrTrunc(place.bits, builder.getInt64Ty());
      Value* words = builder.CreateAShr(bits, place.bit_bytes == 8 ? 6 : 5);
      address =
          moved(builder, address, builder.CreateMul(words, builder.getInt64(place.bit_bytes)));
    }
    return address;
  }
  static Value* moved(IRBuilder<>& builder, Value* address, Value* bytes) {
    return builder.CreateGEP(builder.getInt8Ty(), address, bytes);
  }

  void tell(IRBuilder<>& builder, const char* name, Value* address, const Place& place) {
    const AssemblyMemory& memory = *place.memory;
    const uint64_t what = place.bytes | (memory.reads ? HINDSIGHT_ASSEMBLY_READS : 0) |
                          (memory.writes ? HINDSIGHT_ASSEMBLY_WRITES : 0) |
                          (memory.fails ? HINDSIGHT_ASSEMBLY_FAILS : 0) |
                          (memory.orders ? HINDSIGHT_ASSEMBLY_ORDERS : 0);
    FunctionCallee callee = abi_.module().getOrInsertFunction(
        name,
        FunctionType::get(builder.getVoidTy(), {address->getType(), builder.getInt64Ty()}, false));
    cast<Function>(callee.getCallee())->addFnAttr(Attribute::NoUnwind);
    builder.CreateCall(callee, {address, builder.getInt64(what)});
  }

  void tellBehind(CallBase& call, Value* address, const Place& place) {
    const char* const name = "__hindsight_assembly_end";
    if (isa<CallInst>(call)) {
      IRBuilder<> after(call.getNextNode());
      after.SetCurrentDebugLocation(call.getDebugLoc());
      return tell(after, name, address, place);
    }
    IRBuilder<> entry(&*call.getFunction()->getEntryBlock().begin());
    AllocaInst* handed_on = entry.CreateAlloca(address->getType());
    entry.CreateStore(Constant::getNullValue(address->getType()), handed_on);
    IRBuilder<>(&call).CreateStore(address, handed_on);
    Place unchecked = place;  // an address of earlier may be somebody else's by now
    unchecked.bytes = 0;
    SmallPtrSet<BasicBlock*, 4> blocks;
    for (BasicBlock* block : successors(call.getParent())) {
      if (!blocks.insert(block).second) continue;
      IRBuilder<> after(&*block->getFirstInsertionPt());
      after.SetCurrentDebugLocation(call.getDebugLoc());
      tell(after, name, after.CreateLoad(address->getType(), handed_on), unchecked);
    }
  }

  Abi& abi_;
};

}  // namespace

bool isSynchronisingAssembly(const Instruction& instruction) {
  if (isProcessorFence(instruction)) return true;
  const InlineAsm* assembly = assemblyOf(instruction);
  return assembly != nullptr && read(*assembly, *instruction.getModule()).synchronises();
}

bool lowerAssembly(Function& function, Abi& abi) {
  SmallVector<CallBase*, 8> calls, fences;
  for (Instruction& instruction : instructions(function)) {
    if (assemblyOf(instruction) != nullptr) calls.push_back(cast<CallBase>(&instruction));
    if (isProcessorFence(instruction)) fences.push_back(cast<CallBase>(&instruction));
  }
  AssemblyLowering lowering(abi);
  bool changed = !fences.empty();
  for (CallBase* call : fences) lowering.fenceBefore(*call);
  for (CallBase* call : calls) changed |= lowering.lower(*call, *assemblyOf(*call));
  return changed;
}

}  // namespace hindsight
