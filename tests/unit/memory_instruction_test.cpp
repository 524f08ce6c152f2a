// Instructions done at another address do what they do where they are.
#include "platform/memory_instruction.h"

#include <gtest/gtest.h>

#if defined(__x86_64__)

#include <cpuid.h>

#include <cstring>
#include <random>
#include <string>
#include <vector>

namespace {

using namespace hindsight;

// Operands are `disp(%rax)`, `disp(%r9,%rcx,4)` and the like; r15 is no operand of any.
#define INSTRUCTIONS(X)                                                                             \
  X("cmpl %ecx, 8(%rax)") X("cmpl 8(%rax), %ecx") X("cmpq %r10, (%rax,%rdx)")                       \
  X("cmpq $-5, 128(%rax)") X("cmpl $0x12345678, (%r9)") X("cmpw $0x1234, (%r9)")                    \
  X("cmpb $3, 1(%rax)") X("cmpb %ah, (%rax)") X("cmpb %bh, 4(%rax)") X("movb 1(%rax), %bh")          \
  X("movb 3(%rax), %sil") X("movb %dil, (%rax)") X("testb %bl, (%r13)") X("testl %esi, (%rax)")     \
  X("testl $0x00ffff00, (%r12)") X("testq $0x70ffff00, 16(%r12)") X("testw $0x7f01, 6(%r12)")       \
  X("movl (%rax), %eax") X("movq (%rax), %rax") X("movq 24(%rax,%rdx,8), %rdx")                     \
  X("movl -64(%r9,%rdx,2), %r9d") X("movzbl (%rax), %ecx") X("movzwl 2(%rax), %ecx")                \
  X("movsbq (%rax), %rcx") X("movslq 4(%rax), %r14") X("movl %r14d, (%rax)")                        \
  X("movl $0x11223344, 4(%rax)") X("movq $-2, 4(%rax)") X("movw $0x1122, 4(%rax)")                  \
  X("movb $0x33, 4(%rax)") X("xorl (%rax), %esi") X("xorl (%rax), %edi") X("xorl (%rax), %ebx")     \
  X("xorq %rdi, (%rax)") X("orl 4(%rax), %r8d") X("andq 8(%rax), %r11") X("subl (%rax), %ebp")      \
  X("adcl (%rax), %ecx") X("sbbq %rcx, (%rax)") X("addw $0x123, (%rax)") X("addw $3, (%rax)")       \
  X("imull (%rax), %ecx") X("imulq $1000, (%rax), %rcx") X("imulw $3, (%rax), %cx")                 \
  X("cmovel (%rax), %ecx") X("cmovbq (%rax), %rcx") X("setne (%rax)") X("incl (%rax)")              \
  X("negq (%rax)") X("notb (%rax)") X("mull (%r9)") X("mulq (%r9)") X("imulq (%r9)")                \
  X("shll $3, (%rax)") X("rolq %cl, (%r9)") X("sarb (%rax)") X("shldl $4, %esi, (%rax)")            \
  X("shrdq %cl, %rdi, (%rax)") X("btl $5, (%rax)") X("btsq $33, (%rax)") X("xchgl %ebx, (%rax)")    \
  X("xaddl %esi, (%rax)") X("lock xaddq %rdi, (%rax)") X("cmpxchgl %ecx, (%r9)")                    \
  X("lock cmpxchgb %bl, (%r9)") X("bsfl (%rax), %ecx") X("lock orl $1, (%rax)")                     \
  X("cmpl %fs:0, %ecx") X("popq (%rax)")
#define BMI_INSTRUCTIONS(X)                                                                         \
  X("andnl (%rax), %esi, %edi") X("andnq (%r9,%rdx,2), %rdi, %rsi") X("blsrl (%rax), %ebx")         \
  X("blsiq (%rax), %rsi") X("bextrl %edi, (%rax), %esi") X("shlxq %rbx, (%rax), %rsi")              \
  X("bzhiq %rcx, (%rax), %r14") X("pextl (%rax), %esi, %edi") X("mulxq (%rax), %rsi, %rdi")         \
  X("rorxl $7, (%rax), %esi") X("popcntl (%rax), %ecx") X("lzcntq (%rax), %rcx")                    \
  X("tzcntl (%rax), %ecx") X("movbel (%rax), %ecx") X("adcxl (%rax), %ecx") X("adoxq (%rax), %rcx")

struct Sample {
  const char* text;
  const u8* begin;
  const u8* end;
};

#define SAMPLE(text)                                                                             \
  ".quad 7f, 8f, 9f\n .pushsection .text\n 8: " text "\n 9:\n .popsection\n .pushsection .rodata\n 7: .asciz \"" text \
  "\"\n .popsection\n"

extern "C" const Sample plain_samples[], plain_samples_end[], bmi_samples[], bmi_samples_end[];
asm(".pushsection .data.rel.ro, \"aw\"\n .p2align 3\n plain_samples:\n" INSTRUCTIONS(SAMPLE) "plain_samples_end:\n"
    "bmi_samples:\n" BMI_INSTRUCTIONS(SAMPLE) "bmi_samples_end:\n .popsection\n");

struct Memory {
  alignas(64) u8 bytes[512];
};

class MemoryInstructionTest : public testing::Test {
 protected:
  static void SetUpTestSuite() { ASSERT_TRUE(prepareMemoryInstructions()); }

  MachineRegisters registersFor(Memory& memory) {
    MachineRegisters registers;
    for (u64& value : registers.general) value = random_();
    const auto middle = reinterpret_cast<uptr>(memory.bytes) + 256;
    for (const u32 base : {0u, 9u, 12u, 13u}) registers.general[base] = middle;
    registers.general[2] = random_() % 8;  // rdx, the index
    registers.flags = (random_() & 0x8d5) | 0x202;
    return registers;
  }
  void compare(const Sample& sample) {
    Memory here, there;
    for (u8& byte : here.bytes) byte = static_cast<u8>(random_());
    there = here;
    MachineRegisters expected = registersFor(here), registers = expected;
    MemoryInstruction decoded;
    ASSERT_TRUE(decodeMemoryInstruction(sample.begin, registers, decoded)) << sample.text;
    EXPECT_EQ(decoded.length, sample.end - sample.begin) << sample.text;
    const uptr offset = decoded.address - reinterpret_cast<uptr>(here.bytes);
    ASSERT_LT(offset, sizeof(Memory)) << sample.text;
    MemoryInstruction original{};
    original.pointer = 15;
    std::memcpy(original.code, sample.begin, decoded.length);
    original.code[decoded.length] = 0xc3;
    ASSERT_TRUE(runMemoryInstruction(original, 0, expected));
    ASSERT_TRUE(runMemoryInstruction(decoded, reinterpret_cast<uptr>(there.bytes) + offset, registers));
    for (u32 i = 0; i < 16; ++i) EXPECT_EQ(registers.general[i], expected.general[i]) << sample.text << ", register " << i;
    EXPECT_EQ(registers.flags, expected.flags) << sample.text;
    EXPECT_EQ(std::memcmp(here.bytes, there.bytes, sizeof(Memory)), 0) << sample.text;
  }

  std::mt19937_64 random_{1};
};

bool isRefused(const Sample& sample) {
  const std::string text = sample.text;
  return text.find("%fs") != std::string::npos || text.find("pop") == 0;
}

TEST_F(MemoryInstructionTest, DoesElsewhereWhatItDoesHere) {
  for (int round = 0; round < 50; ++round)
    for (const Sample* sample = plain_samples; sample != plain_samples_end; ++sample)
      if (!isRefused(*sample)) compare(*sample);
}

TEST_F(MemoryInstructionTest, KnowsBitManipulation) {
  u32 a, b = 0, c, d;
  __get_cpuid_count(7, 0, &a, &b, &c, &d);
  if ((b & bit_BMI2) == 0 || (b & bit_ADX) == 0) GTEST_SKIP() << "no BMI2 or ADX";
  for (int round = 0; round < 50; ++round)
    for (const Sample* sample = bmi_samples; sample != bmi_samples_end; ++sample) compare(*sample);
}

TEST_F(MemoryInstructionTest, RefusesWhatItDoesNotKnow) {
  Memory memory{};
  const MachineRegisters registers = registersFor(memory);
  MemoryInstruction decoded;
  for (const Sample* sample = plain_samples; sample != plain_samples_end; ++sample) {
    if (!isRefused(*sample)) continue;
    EXPECT_FALSE(decodeMemoryInstruction(sample->begin, registers, decoded)) << sample->text;
  }
  const u8 others[][16] = {
      {0xff, 0x10},                          // call *(%rax)
      {0xff, 0x20},                          // jmp *(%rax)
      {0xf7, 0x30},                          // div (%rax)
      {0xc5, 0xfd, 0x6f, 0x00},              // vmovdqa (%rax), %ymm0
      {0x62, 0xf1, 0x7d, 0x48, 0x6f, 0x00},  // vmovdqa32 (%rax), %zmm0
      {0x0f, 0x10, 0x00},                    // movups (%rax), %xmm0
      {0xd9, 0x00},                          // flds (%rax)
      {0x89, 0xc8},                          // mov %ecx, %eax
      {0x0f, 0xab, 0x08},                    // bts %ecx, (%rax)
      {0x67, 0x8b, 0x00},                    // mov (%eax), %eax
      {0x8b, 0x20},                          // mov (%rax), %esp
      {0xa4},                                // movsb
  };
  for (const auto& code : others)
    EXPECT_FALSE(decodeMemoryInstruction(code, registers, decoded)) << std::hex << int{code[0]} << ' ' << int{code[1]};
}

/// Whatever the bytes are: no byte behind the longest instruction is looked at, and nothing else happens.
TEST_F(MemoryInstructionTest, SurvivesRandomBytes) {
  Memory memory{};
  const MachineRegisters registers = registersFor(memory);
  for (int round = 0; round < 1'000'000; ++round) {
    u8 code[32];
    for (u8& byte : code) byte = static_cast<u8>(random_());
    MemoryInstruction decoded;
    if (!decodeMemoryInstruction(code, registers, decoded)) continue;
    EXPECT_LE(decoded.length, MemoryInstruction::kMostBytes);
    EXPECT_TRUE(decoded.pointer == 3 || decoded.pointer == 6 || decoded.pointer == 7);
  }
}

}  // namespace

#endif
