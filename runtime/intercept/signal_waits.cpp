#include "intercept/signal_waits.h"

#include <errno.h>

namespace hindsight {

bool hasInterruptedCall(const ucontext_t& context) {
#if defined(__x86_64__)
  constexpr u16 kSystemCall = 0x050f;
  u16 instruction;
  const auto pc = static_cast<uptr>(context.uc_mcontext.gregs[REG_RIP]);
  const auto result = static_cast<sptr>(context.uc_mcontext.gregs[REG_RAX]);
#else
  constexpr u32 kSystemCall = 0xd4000001;
  u32 instruction;
  const auto pc = static_cast<uptr>(context.uc_mcontext.pc);
  const auto result = static_cast<sptr>(context.uc_mcontext.regs[0]);
#endif
  if (result != -EINTR) return false;
  __builtin_memcpy(&instruction, reinterpret_cast<const void*>(pc - sizeof(instruction)),
                   sizeof(instruction));
  return instruction == kSystemCall;
}

bool endsWait(TlsBlock& tls, const ucontext_t& context) {
  if (HINDSIGHT_LIKELY(tls.waits_with_mask == 0) || !hasInterruptedCall(context)) return false;
  tls.waits_with_mask = 0;
  return true;
}

}  // namespace hindsight
