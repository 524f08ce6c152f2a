#include "platform/report_stack.h"

#include "base/arena.h"

extern "C" __attribute__((visibility("hidden"))) void __hindsight_on_report_stack(
    void (*function)(void*), void* argument, void* stack_top, unsigned long vector_bytes);

namespace hindsight {
namespace {

constexpr size_t kReportStackBytes = 1 << 20;
constinit char* stack_top = nullptr;
constinit unsigned long vector_bytes = 0;

#if defined(__x86_64__)
struct CpuId {
  u32 a, b, c, d;
};
CpuId cpuid(u32 leaf, u32 subleaf) {
  CpuId id{leaf, 0, subleaf, 0};
  asm("cpuid" : "+a"(id.a), "=b"(id.b), "+c"(id.c), "=d"(id.d));
  return id;
}
unsigned long xsaveBytes() {
  constexpr u32 kOsXsave = 1u << 27;
  if ((cpuid(1, 0).c & kOsXsave) == 0) return 0;
  return roundUp(cpuid(0xd, 0).b, 64);  // for the features that are switched on
}
#else
unsigned long xsaveBytes() { return 0; }
#endif

}  // namespace

void initReportStack() {
  stack_top = static_cast<char*>(reservePages(kReportStackBytes)) + kReportStackBytes;
  vector_bytes = xsaveBytes();
}

void onReportStack(void (*function)(void*), void* argument) {
  __hindsight_on_report_stack(function, argument, stack_top, vector_bytes);
}

HINDSIGHT_NOINLINE void onOwnStack(void (*function)(void*), void* argument) {
  constexpr size_t kFrames = 512;  // this function's and that of the next, with room to spare
  __hindsight_on_report_stack(
      function, argument, static_cast<char*>(__builtin_frame_address(0)) - kFrames, vector_bytes);
}

}  // namespace hindsight
