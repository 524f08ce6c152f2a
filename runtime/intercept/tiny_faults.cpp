#include "intercept/tiny_faults.h"

#include "base/spin_lock.h"
#include "core/tiny_memory.h"
#include "intercept/taken_faults.h"
#include "platform/memory_instruction.h"
#include "platform/syscalls.h"
#include "report/output.h"
#include "threads/runtime_scope.h"

namespace hindsight {

constinit bool tiny_memory_is_checked = false;

#if defined(__x86_64__)

namespace {

/// Of a mapping that nobody has told us of, too.
bool isMapped(uptr address) {
  if (isTinyMemory(address)) return true;
  unsigned char resident;
  const uptr page = roundDown(address, kPageSize);
  // Below that, nothing is mapped but with privileges: null pointers are not asked for.
  constexpr uptr kLeastAddress = 0x10000;
  if (address < kLeastAddress ||
      syscallFailed(sysMincore(reinterpret_cast<void*>(page), 1, &resident)))
    return false;
  tinyMapped(page, kPageSize);
  return true;
}

/// The address whose cell lies at `cell`, if that is below 4 GiB and mapped; else 0.
uptr checkedAddress(uptr cell) {
  const auto below = [&](sptr offset) {
    const uptr address = cell - static_cast<uptr>(offset);
    return address < kTinyEnd && isMapped(address) ? address : 0;
  };
  if (const uptr address = below(address_layout.write_offset); address != 0) return address;
  for (const sptr offset : address_layout.read_offsets)
    if (const uptr address = below(offset); address != 0) return address;
  return 0;
}

constexpr int kNames[16] = {REG_RAX, REG_RCX, REG_RDX, REG_RBX, REG_RSP, REG_RBP, REG_RSI, REG_RDI,
                            REG_R8,  REG_R9,  REG_R10, REG_R11, REG_R12, REG_R13, REG_R14, REG_R15};

MachineRegisters registersOf(const ucontext_t& context) {
  MachineRegisters registers;
  for (u32 i = 0; i < 16; ++i)
    registers.general[i] = static_cast<u64>(context.uc_mcontext.gregs[kNames[i]]);
  registers.flags = static_cast<u64>(context.uc_mcontext.gregs[REG_EFL]);
  return registers;
}

void setRegisters(ucontext_t& context, const MachineRegisters& registers) {
  for (u32 i = 0; i < 16; ++i)
    context.uc_mcontext.gregs[kNames[i]] = static_cast<greg_t>(registers.general[i]);
  context.uc_mcontext.gregs[REG_EFL] = static_cast<greg_t>(registers.flags);
}

void sayCannot(const u8* code) {
  constexpr u8 kBreakpoint = 0xcc;
  constexpr char kDebugger[] =
      "hindsight: a debugger steps over a check of memory below 4 GiB, which cannot be: the "
      "program ends by SIGSEGV. "
      "Use breakpoints instead\n";
  constexpr char kUnknown[] =
      "hindsight: a check of memory below 4 GiB is made by an instruction that cannot be "
      "completed: the program "
      "ends by SIGSEGV. Please report it; until then, keep that memory from instrumented code\n";
  if (*code == kBreakpoint)
    writeStderr(kDebugger, sizeof(kDebugger) - 1);
  else
    writeStderr(kUnknown, sizeof(kUnknown) - 1);
}

}  // namespace

bool completeTinyCheck(const siginfo_t& info, ucontext_t& context) {
  const auto cell = reinterpret_cast<uptr>(info.si_addr);
  const uptr address = checkedAddress(cell);
  if (address == 0) return false;
  MachineRegisters registers = registersOf(context);
  MemoryInstruction instruction;
  auto& pc = context.uc_mcontext.gregs[REG_RIP];
  const auto* const code = reinterpret_cast<const u8*>(pc);
  const bool is_check =
      decodeMemoryInstruction(code, registers, instruction) && instruction.address == cell;
  closeShortRoad(address);
  if (!is_check || !runMemoryInstruction(instruction, cell + address_layout.stand_ins, registers)) {
    sayCannot(code);
    return false;
  }
  setRegisters(context, registers);
  pc += instruction.length;
  return true;
}

bool checkTinyMemory() {
  static constinit SpinLock lock;
  static constinit bool tried = false;
  if (HINDSIGHT_LIKELY(__atomic_load_n(&tiny_memory_is_checked, __ATOMIC_ACQUIRE))) return true;
  const RuntimeScope inside;  // a fork must not find the lock held
  SpinLockGuard guard(lock);
  if (tried) return tiny_memory_is_checked;
  tried = true;
  if (prepareMemoryInstructions() && takeFaults())
    __atomic_store_n(&tiny_memory_is_checked, true, __ATOMIC_RELEASE);
  return tiny_memory_is_checked;
}

#else

bool completeTinyCheck(const siginfo_t&, ucontext_t&) { return false; }
bool checkTinyMemory() { return false; }

#endif

}  // namespace hindsight
