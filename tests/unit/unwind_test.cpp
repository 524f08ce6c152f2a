// Unwinding from a signal handler, at every instruction of functions with a prologue and an epilogue.
#include "platform/unwind.h"

#include <gtest/gtest.h>

#include <csignal>
#include <cstring>

using namespace hindsight;

namespace {

constexpr u32 kMost = 256;
uptr reference[kMost], found[kMost];
u32 reference_count, interrupted, wrong;

#if defined(__x86_64__)

// Steps through both functions below with the trap flag set, and with a frame pointer that leads
// nowhere.
asm(R"(
  .text
hindsight_test_stepped:
  .cfi_startproc
  push %rbp
  .cfi_def_cfa_offset 16
  .cfi_offset %rbp, -16
  mov $8, %ebp
  pushfq
  .cfi_def_cfa_offset 24
  orq $0x100, (%rsp)
  popfq
  .cfi_def_cfa_offset 16
  call hindsight_test_tight
  call hindsight_test_padded
  pushfq
  .cfi_def_cfa_offset 24
  andq $~0x100, (%rsp)
  popfq
  .cfi_def_cfa_offset 16
  pop %rbp
  .cfi_def_cfa_offset 8
  ret
  .cfi_endproc

# The function behind begins where this one's ret ends.
hindsight_test_tight:
  .cfi_startproc
  push %rbp
  .cfi_def_cfa_offset 16
  .cfi_offset %rbp, -16
  mov %rsp, %rbp
  .cfi_def_cfa_register %rbp
  push %rbx
  .cfi_offset %rbx, -24
  pop %rbx
  pop %rbp
  .cfi_def_cfa %rsp, 8
  ret
  .cfi_endproc

hindsight_test_padded:
  .cfi_startproc
  sub $24, %rsp
  .cfi_def_cfa_offset 32
  nop
  add $24, %rsp
  .cfi_def_cfa_offset 8
  ret
  .cfi_endproc
  .skip 16, 0xcc
)");
extern "C" void hindsight_test_stepped();

void onTrap(int) {
  UnwindContext registers;
  HINDSIGHT_CAPTURE(registers);
  const u32 count =
      unwindFrom(registers, reinterpret_cast<uptr>(__builtin_return_address(0)), found, kMost);
  ++interrupted;
  // The handler's return, the instruction, its callers: the same as before the traps.
  if (count < reference_count + 2 || memcmp(found + count - reference_count, reference,
                                            reference_count * sizeof(uptr)) != 0)
    ++wrong;
}

__attribute__((noinline)) void stepThrough() {
  UnwindContext registers;
  HINDSIGHT_CAPTURE(registers);
  reference_count =
      unwindFrom(registers, reinterpret_cast<uptr>(__builtin_return_address(0)), reference, kMost);
  hindsight_test_stepped();
  asm volatile("" ::: "memory");  // no tail call
}

TEST(Unwind, GoesOnWhereverASignalInterrupted) {
  struct sigaction trap = {}, before;
  trap.sa_handler = onTrap;
  ASSERT_EQ(sigaction(SIGTRAP, &trap, &before), 0);
  stepThrough();
  ASSERT_EQ(sigaction(SIGTRAP, &before, nullptr), 0);
  EXPECT_GE(reference_count, 3u);
  EXPECT_GE(interrupted, 15u);
  EXPECT_EQ(wrong, 0u);
}

#endif

}  // namespace
