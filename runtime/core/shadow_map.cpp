#include "core/shadow_map.h"

#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/resource.h>

#include "core/address_map.h"
#include "platform/mappings.h"
#include "platform/syscalls.h"

namespace hindsight {
namespace {

void say(const char* text) {
  size_t n = 0;
  while (text[n] != 0) ++n;
  sysWrite(2, text, n);
}

[[noreturn]] void refuse(const char* what, const char* cure) {
  say("hindsight: ");
  say(what);
  say("\nhindsight: ");
  say(cure);
  say("\n");
  sysExitGroup(2);
}

void reserve(uptr begin, uptr end, int protection = PROT_READ | PROT_WRITE) {
  begin = roundDown(begin, kPageSize);
  end = roundUp(end, kPageSize);
  const sptr result =
      sysMmap(reinterpret_cast<void*>(begin), end - begin, protection,
              MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);
  if (syscallFailed(result))
    refuse("there is no room for the shadow memory (62 TiB of address space, not of memory)",
           "raise `ulimit -v`, set vm.overcommit_memory to 0 or 1, and use a kernel with 47-bit "
           "user addresses");
  if (static_cast<uptr>(result) != begin)
    refuse("the kernel is too old (MAP_FIXED_NOREPLACE needs Linux 4.17)", "use a newer kernel");
  // Shadow is sparse: huge pages and core dumps would make it dense.
  sysMadvise(reinterpret_cast<void*>(begin), end - begin, MADV_NOHUGEPAGE);
  sysMadvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTDUMP);
}

template <class Address>
void reserveImage(Address (*at)(uptr), uptr begin, uptr end) {
  reserve(reinterpret_cast<uptr>(at(begin)), reinterpret_cast<uptr>(at(end - 1)) + kPageSize);
}

enum class Layout { Fits, NotPie, Elsewhere, Unknown };

/// Nothing may be where addresses stand in for others: what is accessed there would be taken for
/// those.
bool hitsStandIns(uptr begin, uptr end) {
  const uptr stand_ins = address_layout.stand_ins;
  return stand_ins != 0 && begin < stand_ins + kTinyEnd && stand_ins < end;
}

Layout judgeMapping(uptr begin, uptr end) {
  constexpr uptr kKernelHalf = 1ull << 63;  // vsyscall
  if (isRuntimeMemory(reinterpret_cast<void*>(begin))) return Layout::Fits;
  if (hitsStandIns(begin, end)) return Layout::Elsewhere;
  if (begin >= kKernelHalf || isApplication(begin, end - begin)) return Layout::Fits;
  return end <= kTinyEnd ? Layout::NotPie : Layout::Elsewhere;
}

/// Looks at every mapping of the process.
Layout judgeMaps() {
  Layout worst = Layout::Fits;
  const bool listed = forEachMapping(
      [](uptr begin, uptr end, void* argument) {
        const Layout layout = judgeMapping(begin, end);
        if (layout != Layout::Fits) *static_cast<Layout*>(argument) = layout;
      },
      &worst);
  return listed ? worst : Layout::Unknown;
}

Layout judgeWithoutProc() {
  const int on_stack = 0;
  const auto stack = reinterpret_cast<uptr>(&on_stack);
  const auto code = reinterpret_cast<uptr>(&judgeMaps);
  if (code < kTinyEnd) return Layout::NotPie;
  return isApplication(stack) && isApplication(code) ? Layout::Fits : Layout::Elsewhere;
}

/// With `ulimit -s unlimited` the kernel maps bottom-up, among the shadow. Returns whether the
/// limit was lowered to something that is still large.
bool limitStack() {
  constexpr u64 kUnlimited = ~0ull, kLargeStack = 16ull << 30;
  u64 limit[2] = {0, 0};
  if (syscallFailed(sysGetrlimit(RLIMIT_STACK, limit)) || limit[0] != kUnlimited) return false;
  limit[0] = kLargeStack;
  return !syscallFailed(sysCall(SYS_prlimit64, 0, RLIMIT_STACK, reinterpret_cast<uptr>(limit), 0));
}

void restartWithoutRandomisation(char** argv, char** environment) {
  constexpr uptr kQuery = 0xffffffff;
  const sptr persona = sysPersonality(kQuery);
  const bool already = persona >= 0 && (static_cast<uptr>(persona) & ADDR_NO_RANDOMIZE) != 0;
  const bool switched =
      !already && !syscallFailed(persona) &&
      !syscallFailed(sysPersonality(static_cast<uptr>(persona) | ADDR_NO_RANDOMIZE));
  if (limitStack() || switched) sysExecve("/proc/self/exe", argv, environment);
  refuse("the program's memory lies where its shadow should be (address randomisation)",
         "run it under `setarch -R`, set vm.mmap_rnd_bits to 28, or allow personality(2) in the "
         "container's seccomp profile");
}

}  // namespace

void mapShadow(char** argv, char** environment) {
  if (getauxval(AT_PAGESZ) != kPageSize)
    refuse("the kernel's pages are not of 4 KiB",
           "use a kernel with pages of 4 KiB (CONFIG_ARM64_4K_PAGES)");
  chooseAddressLayout();  // for tests, which begin here
  Layout layout = judgeMaps();
  if (layout == Layout::Unknown) layout = judgeWithoutProc();
  if (layout == Layout::NotPie)
    refuse("this program is not position-independent; its memory has no shadow",
           "link it with -pie and compile with -fPIE (remove -no-pie and -static)");
  if (layout == Layout::Elsewhere) restartWithoutRandomisation(argv, environment);
  for (const auto& [begin, end] : applicationRanges()) {
    for (u32 group = 0; group < kReadGroups; ++group)
      reserve(reinterpret_cast<uptr>(readCell(begin, group)),
              reinterpret_cast<uptr>(readCell(end - 1, group)) + kPageSize);
    reserveImage(writeCell, begin, end);
    reserveImage(lineWord, begin, end);
    reserveImage(lineFlag, begin, end);
    reserveImage(blockHalf, begin, end);
    reserveImage(blockFlag, begin, end);
  }
  if (const uptr stand_ins = address_layout.stand_ins; stand_ins != 0)
    reserve(stand_ins, stand_ins + kTinyEnd, PROT_NONE);
  const AddressRange sync_only[] = {{0, kTinyEnd},
                                    {address_layout.runtime_begin, address_layout.runtime_end}};
  for (const auto& [begin, end] : sync_only) {
    reserveImage(lineWord, begin, end);
    reserveImage(lineFlag, begin, end);
  }
}

}  // namespace hindsight
