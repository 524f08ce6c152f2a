// Inline assembly that synchronises: a call before it and one after it tell the runtime.
//
// The runtime cannot do such an operation itself, as it does atomic instructions: it is told what will happen, and
// that it has. Before the assembly it checks writes and updates and publishes the clock (behind it the memory
// may be somebody else's: an unlock, the last count of a reference), after it takes over what others have published.
// So an operation may seem to order more than it did, and never less.
#include "assembly_text.h"
#include "emit.h"
#include "hindsight/abi.h"
#include "llvm/IR/InlineAsm.h"
#include "llvm/IR/InstIterator.h"
#include "llvm_versions.h"

using namespace llvm;

namespace hindsight {
namespace {

/// One memory that a piece of assembly works on.
struct Place {
  Value* pointer;
  int64_t displacement;
  unsigned bytes;  // 0 unknown
  bool reads, writes, fails, orders, is_whole;
};

bool isSize(unsigned bytes) { return bytes == 1 || bytes == 2 || bytes == 4 || bytes == 8 || bytes == 16; }

/// The operands of a call of inline assembly, by their numbers in the text.
class Operands {
 public:
  Operands(const CallInst& call, const InlineAsm& assembly) : call_(call) {
    unsigned argument = 0, result = 0;
    for (InlineAsm::ConstraintInfo& constraint : assembly.ParseConstraints()) {
      if (constraint.Type != InlineAsm::isOutput && constraint.Type != InlineAsm::isInput) continue;
      const bool is_result = constraint.Type == InlineAsm::isOutput && !constraint.isIndirect;
      const int at = is_result ? -1 : static_cast<int>(argument++);
      // "+r" is a result and an input that begins in its register, by the result's number.
      unsigned tied;
      if (at >= 0 && constraint.Codes.size() == 1 && !StringRef(constraint.Codes[0]).getAsInteger(10, tied) &&
          tied < operands_.size() && operands_[tied].argument < 0)
        operands_[tied].argument = at;
      operands_.push_back({at, constraint.isIndirect, is_result ? typeOfResult(result++) : nullptr});
    }
    is_understood_ = argument == call.arg_size();
  }

  bool isUnderstood() const { return is_understood_; }
  /// The pointer to the memory, or null if the operand is none.
  Value* pointerOf(const AssemblyMemory& memory, unsigned& bytes) const {
    bytes = 0;
    if (memory.operand >= operands_.size()) return nullptr;
    const auto& [argument, is_indirect, type] = operands_[memory.operand];
    if (argument < 0 || is_indirect == memory.is_address) return nullptr;
    Value* pointer = call_.getArgOperand(static_cast<unsigned>(argument));
    if (!pointer->getType()->isPointerTy() || pointer->getType()->getPointerAddressSpace() != 0) return nullptr;
    bytes = bytesOf(elementType(call_, static_cast<unsigned>(argument)));
    if (!isSize(bytes)) bytes = widthOf(memory.beside);
    return pointer;
  }

 private:
  struct Operand {
    int argument;  // of the call; -1: a result
    bool is_indirect;
    Type* result;  // its type, or null
  };
  Type* typeOfResult(unsigned index) const {
    auto* several = dyn_cast<StructType>(call_.getType());
    return several != nullptr ? several->getElementType(index) : call_.getType();
  }
  unsigned bytesOf(Type* type) const {
    if (type == nullptr || !type->isSized()) return 0;
    return static_cast<unsigned>(call_.getModule()->getDataLayout().getTypeStoreSize(type).getKnownMinValue());
  }
  /// Of a register; 0 if there is none.
  unsigned widthOf(int number) const {
    if (number < 0 || static_cast<size_t>(number) >= operands_.size()) return 0;
    const Operand& operand = operands_[static_cast<size_t>(number)];
    if (operand.is_indirect) return 0;
    if (operand.result != nullptr) return bytesOf(operand.result);
    return operand.argument < 0 ? 0 : bytesOf(call_.getArgOperand(static_cast<unsigned>(operand.argument))->getType());
  }
  const CallInst& call_;
  SmallVector<Operand, 8> operands_;
  bool is_understood_;
};

AssemblyText read(const InlineAsm& assembly, const Module& module) {
  const StringRef text = assembly.getAsmString();
  if (isForAArch64(module)) return readAArch64Assembly(text);
  if (!isForX86_64(module)) return {};
  return readX86Assembly(text, assembly.getDialect() == InlineAsm::AD_Intel);
}

const InlineAsm* assemblyOf(const Instruction& instruction) {
  const auto* call = dyn_cast<CallInst>(&instruction);
  return call != nullptr && call->isInlineAsm() ? cast<InlineAsm>(call->getCalledOperand()) : nullptr;
}

SmallVector<Place, 2> placesOf(const CallInst& call, const InlineAsm& assembly, const AssemblyText& text) {
  SmallVector<Place, 2> places;
  const Operands operands(call, assembly);
  if (!operands.isUnderstood()) return places;
  for (const AssemblyMemory& memory : text.memory) {
    unsigned bytes;
    Value* pointer = operands.pointerOf(memory, bytes);
    if (pointer == nullptr) continue;
    if (memory.bytes != 0) bytes = memory.bytes;
    places.push_back({pointer, memory.displacement, isSize(bytes) ? bytes : 0, memory.reads, memory.writes, memory.fails,
                      memory.orders, memory.is_whole});
  }
  return places;
}

class AssemblyLowering {
 public:
  explicit AssemblyLowering(Abi& abi) : abi_(abi) {}

  bool lower(CallInst& call, const InlineAsm& assembly) {
    const AssemblyText text = read(assembly, abi_.module());
    if (!text.synchronises()) return false;
    const auto places = placesOf(call, assembly, text);
    IRBuilder<> before(&call), after(call.getNextNode());
    after.SetCurrentDebugLocation(call.getDebugLoc());
    if (text.fences) fence(before);
    for (const Place& place : places)
      if (place.writes) tell(before, "__hindsight_assembly_begin", place);
    for (const Place& place : places)
      if (place.reads) tell(after, "__hindsight_assembly_end", place);
    return text.fences || !places.empty();
  }

 private:
  void fence(IRBuilder<>& builder) {
    constexpr uint32_t kSeqCst = 5;  // of the C ABI
    FunctionCallee callee = abi_.module().getOrInsertFunction("__hindsight_atomic_fence", builder.getVoidTy(),
                                                              builder.getInt32Ty());
    builder.CreateCall(callee, {builder.getInt32(kSeqCst)});
  }

  void tell(IRBuilder<>& builder, const char* name, const Place& place) {
    Type* pointer = pointerTo(builder.getInt8Ty());
    Value* address = builder.CreateBitCast(place.pointer, pointer);
    if (place.displacement != 0)
      address = builder.CreateGEP(builder.getInt8Ty(), address, builder.getInt64(static_cast<uint64_t>(place.displacement)));
    const uint64_t what = (place.bytes == 0 || !place.is_whole ? 0 : place.bytes) |
                          (place.reads ? HINDSIGHT_ASSEMBLY_READS : 0) | (place.writes ? HINDSIGHT_ASSEMBLY_WRITES : 0) |
                          (place.fails ? HINDSIGHT_ASSEMBLY_FAILS : 0) | (place.orders ? HINDSIGHT_ASSEMBLY_ORDERS : 0);
    FunctionCallee callee = abi_.module().getOrInsertFunction(
        name, FunctionType::get(builder.getVoidTy(), {pointer, builder.getInt64Ty()}, false));
    cast<Function>(callee.getCallee())->addFnAttr(Attribute::NoUnwind);
    builder.CreateCall(callee, {address, builder.getInt64(what)});
  }

  Abi& abi_;
};

}  // namespace

bool isSynchronisingAssembly(const Instruction& instruction) {
  const InlineAsm* assembly = assemblyOf(instruction);
  return assembly != nullptr && read(*assembly, *instruction.getModule()).synchronises();
}

bool lowerAssembly(Function& function, Abi& abi) {
  SmallVector<CallInst*, 8> calls;
  for (Instruction& instruction : instructions(function))
    if (assemblyOf(instruction) != nullptr) calls.push_back(cast<CallInst>(&instruction));
  AssemblyLowering lowering(abi);
  bool changed = false;
  for (CallInst* call : calls) changed |= lowering.lower(*call, *assemblyOf(*call));
  return changed;
}

}  // namespace hindsight
