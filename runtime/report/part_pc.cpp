#include "report/part_pc.h"

#include "core/address_map.h"
#include "hindsight/abi.h"
#include "platform/syscalls.h"

namespace hindsight {
namespace {

/// A library that was unloaded has left its pcs behind.
bool isMapped(uptr address) {
  unsigned char present;
  return sysMincore(reinterpret_cast<void*>(roundDown(address, kPageSize)), kPageSize, &present) ==
         0;
}

#if defined(__x86_64__)
constexpr uptr kMarkBytes = HINDSIGHT_MARK_BYTES, kInstruction = 1;

bool isMark(const unsigned char* code, u32 part) {
  constexpr unsigned char kOpcode[] = HINDSIGHT_MARK_OPCODE, kMagic[] = HINDSIGHT_MARK_MAGIC;
  return code[0] == kOpcode[0] && code[1] == kOpcode[1] && code[2] == kOpcode[2] &&
         code[3] == part && code[4] == 0 && code[5] == kMagic[0] && code[6] == kMagic[1];
}
#else
constexpr uptr kMarkBytes = 4, kInstruction = 4;

bool isMark(const unsigned char* code, u32 part) {
  u32 instruction;
  __builtin_memcpy(&instruction, code, sizeof(instruction));
  return instruction == HINDSIGHT_MARK_AARCH64(part);
}
#endif

}  // namespace

uptr pcOfPart(uptr pc, u32 part) {
  constexpr uptr kFarthest = 256;  // from the call; marks lie close together
  if (part == 0 || !isMapped(pc)) return pc;
  const uptr next_page = roundDown(pc, kPageSize) + kPageSize;
  const uptr end = isMapped(next_page) ? pc + kFarthest : min(pc + kFarthest, next_page);
  for (uptr at = pc; at + kMarkBytes <= end; at += kInstruction)
    if (isMark(reinterpret_cast<const unsigned char*>(at), part)) return at + kMarkBytes;
  return pc;
}

}  // namespace hindsight
