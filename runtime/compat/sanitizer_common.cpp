// sanitizer_common.cpp - what all sanitizers offer to programs (sanitizer/common_interface_defs.h,
// sanitizer/allocator_interface.h), as far as it has a meaning for a race detector.
//
// Thread safety: any thread. Allocation: arena (names), temporary.
#include <malloc.h>
#include <stdio.h>

#include "base/flags.h"
#include "base/spin_lock.h"
#include "base/text.h"
#include "base/text_writer.h"
#include "heap/heap.h"
#include "heap/heap_hooks.h"
#include "intercept/intercepted_call.h"
#include "platform/unwind.h"
#include "report/format.h"
#include "report/options.h"
#include "report/output.h"
#include "report/race_report.h"
#include "report/symbolizer.h"
#include "threads/thread.h"

using namespace hindsight;

namespace {

/// `file:line` or, without debug information, `(module+0xoffset)`.
void writePlace(const SymbolizedPc& at, const SourceFrame& source, TextWriter& out) {
  if (source.file[0] != 0) {
    out.text(strippedPath(source.file, flags().strip_path_prefix))
        .character(':')
        .decimal(source.line);
    return;
  }
  out.character('(').text(at.module).character('+').hex(at.module_offset).character(')');
}

/// One frame as `format` of __sanitizer_symbolize_pc says.
void writeFrame(const char* format, const SymbolizedPc& at, u32 index, TextWriter& out) {
  const SourceFrame& source = at.frames[index];
  for (; *format != 0; ++format) {
    if (*format != '%' || format[1] == 0) {
      out.character(*format);
      continue;
    }
    switch (*++format) {
      case '%': out.character('%'); break;
      case 'n': out.decimal(index); break;
      case 'p': out.hex(at.pc); break;
      case 'm': out.text(at.module); break;
      case 'o': out.hex(at.module_offset); break;
      case 'f': out.text(source.function); break;
      case 'q': out.hex(at.function_offset); break;
      case 's': out.text(strippedPath(source.file, flags().strip_path_prefix)); break;
      case 'l': out.decimal(source.line); break;
      case 'c': out.decimal(0); break;  // columns are not looked up
      case 'F':
        if (source.function[0] != 0) out.text("in ").text(source.function);
        break;
      case 'S':
      case 'L': writePlace(at, source, out); break;
      case 'M':
        out.character('(')
            .text(baseName(at.module))
            .character('+')
            .hex(at.module_offset)
            .character(')');
        break;
      default: out.character('%').character(*format);
    }
  }
}

/// Cut to the buffer, with a terminator.
void copyOut(const char* text, size_t length, char* buffer, size_t size) {
  if (size == 0) return;
  const size_t count = min(length, size - 1);
  __builtin_memcpy(buffer, text, count);
  buffer[count] = '\0';
}

HINDSIGHT_NOINLINE u32 currentStack(const Thread* thread, uptr pc, uptr* frames, u32 capacity) {
  UnwindContext registers;
  HINDSIGHT_CAPTURE(registers);
  const u32 count = unwindFrom(registers, pc, frames, capacity);
  if (count >= 2 || thread == nullptr) return count;
  frames[0] = pc;
  return 1 + copyFrames(thread->history.stack, thread->tls->stack, frames + 1, capacity - 1);
}

}  // namespace

// --- Stacks and symbols --------------------------------------------------------------------------

/// To where reports go, in the layout of the sanitizers: scripts look for it.
HINDSIGHT_EXPORT void __sanitizer_print_stack_trace() {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  uptr frames[kMaxStackDepth];
  const u32 count =
      currentStack(call.bypass() ? nullptr : &call.thread(), call.pc(), frames, kMaxStackDepth);
  rememberModules();
  TextWriter out;
  for (u32 i = 0, number = 0; i < count; ++i) {
    const SymbolizedPc& at = processSymbols().pc(frames[i]);
    for (u32 j = 0; j < at.count; ++j, ++number) {
      out.text("    #").decimal(number).character(' ').hex(frames[i]).character(' ');
      writeFrame("%F %L %M", at, j, out);
      out.character('\n');
    }
  }
  out.character('\n');
  writeOutput(out.data(), out.size());
}

/// Frames inlined at `pc` follow each other, a null between them, innermost first.
HINDSIGHT_EXPORT void __sanitizer_symbolize_pc(void* pc, const char* format, char* buffer,
                                               size_t size) {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  rememberModules();
  const SymbolizedPc& at = processSymbols().pc(reinterpret_cast<uptr>(pc));
  TextWriter out;
  for (u32 i = 0; i < at.count; ++i) {
    writeFrame(format, at, i, out);
    if (i + 1 < at.count) out.character('\0');
  }
  copyOut(out.data(), out.size(), buffer, size);
}

/// Knows %g (the name) only.
HINDSIGHT_EXPORT void __sanitizer_symbolize_global(void* address, const char* format, char* buffer,
                                                   size_t size) {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  rememberModules();
  const SymbolizedGlobal global = processSymbols().global(reinterpret_cast<uptr>(address));
  TextWriter out;
  for (; *format != 0; ++format) {
    if (format[0] == '%' && format[1] == 'g') {
      out.text(global.name != nullptr ? global.name : "");
      ++format;
    } else {
      out.character(*format);
    }
  }
  copyOut(out.data(), out.size(), buffer, size);
}

/// Returns 1 if a module holds `pc`.
HINDSIGHT_EXPORT int __sanitizer_get_module_and_offset_for_pc(void* pc, char* path, size_t size,
                                                              void** offset) {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  rememberModules();
  const SymbolizedPc& at = processSymbols().pc(reinterpret_cast<uptr>(pc));
  if (at.module[0] == 0) return 0;
  if (path != nullptr) copyOut(at.module, textLength(at.module), path, size);
  if (offset != nullptr) *offset = reinterpret_cast<void*>(at.module_offset);
  return 1;
}

// --- Reports -------------------------------------------------------------------------------------

HINDSIGHT_EXPORT void __sanitizer_set_report_path(const char* path) {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  setLogPath(path);
}
HINDSIGHT_EXPORT void __sanitizer_set_report_fd(void* fd) {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  setOutputDescriptor(static_cast<int>(reinterpret_cast<sptr>(fd)));
}
/// The file with the process id; "" if reports go to a descriptor.
HINDSIGHT_EXPORT const char* __sanitizer_get_report_path() {
  static char path[4096];
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (!currentLogPath(path, sizeof(path))) path[0] = '\0';
  return path;
}
/// Called before halt_on_error ends the program.
HINDSIGHT_EXPORT void __sanitizer_set_death_callback(void (*callback)()) {
  death_callback = callback;
}
/// A program that wants to write one report of a crash asks who may: 1 for the first.
HINDSIGHT_EXPORT int __sanitizer_acquire_crash_state() {
  static constinit u32 taken = 0;
  return __atomic_exchange_n(&taken, 1, __ATOMIC_RELAXED) == 0 ? 1 : 0;
}

/// One line of the program's, to where reports go. A program may define it itself; reports here
/// have no line that it would be told.
HINDSIGHT_EXPORT __attribute__((weak)) void __sanitizer_report_error_summary(const char* summary) {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  TextWriter out;
  out.text(summary).character('\n');
  writeOutput(out.data(), out.size());
}
/// Tells of a sandbox that is about to close: symbols are read, and files opened, when they are
/// needed.
HINDSIGHT_EXPORT __attribute__((weak)) void __sanitizer_sandbox_on_notify(void*) {}

// --- The heap ------------------------------------------------------------------------------------

namespace {

struct mallinfo2 heapInfo(uptr pc) {
  InterceptedCall call(pc);
  return call.blocking([] { return mallinfo2(); });
}

}  // namespace

/// Blocks in use with their headers, as the C library's allocator counts them.
HINDSIGHT_EXPORT size_t __sanitizer_get_current_allocated_bytes() {
  const struct mallinfo2 info = heapInfo(HINDSIGHT_CALLER_PC);
  return info.uordblks + info.hblkhd;
}
HINDSIGHT_EXPORT size_t __sanitizer_get_heap_size() {
  const struct mallinfo2 info = heapInfo(HINDSIGHT_CALLER_PC);
  return info.arena + info.hblkhd;
}
HINDSIGHT_EXPORT size_t __sanitizer_get_free_bytes() {
  return heapInfo(HINDSIGHT_CALLER_PC).fordblks;
}
HINDSIGHT_EXPORT size_t __sanitizer_get_unmapped_bytes() { return 0; }
HINDSIGHT_EXPORT size_t __sanitizer_get_estimated_allocated_size(size_t bytes) { return bytes; }
/// Whether `block` is what malloc or new returned and not freed yet.
HINDSIGHT_EXPORT int __sanitizer_get_ownership(const volatile void* block) {
  return isBlock(reinterpret_cast<uptr>(block)) ? 1 : 0;
}
/// The bytes that were asked for; 0 if `block` is none.
HINDSIGHT_EXPORT size_t __sanitizer_get_allocated_size(const volatile void* block) {
  const auto address = reinterpret_cast<uptr>(block);
  return isBlock(address) ? sizeOf(address) : 0;
}
/// For blocks only: no check.
HINDSIGHT_EXPORT size_t __sanitizer_get_allocated_size_fast(const volatile void* block) {
  return sizeOf(reinterpret_cast<uptr>(block));
}
/// The block that holds the address; null if none does.
HINDSIGHT_EXPORT const void* __sanitizer_get_allocated_begin(const void* address) {
  return reinterpret_cast<const void*>(findBlock(reinterpret_cast<uptr>(address)));
}
HINDSIGHT_EXPORT void __sanitizer_purge_allocator() {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  call.blocking([] { malloc_trim(0); });
}
HINDSIGHT_EXPORT int __sanitizer_install_malloc_and_free_hooks(AllocationHook allocated,
                                                               FreeHook freed) {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  return installHeapHooks(allocated, freed);
}

// --- Locks ---------------------------------------------------------------------------------------

/// Says which locks the caller holds, if it holds any; no report of a race.
HINDSIGHT_EXPORT void __tsan_check_no_mutexes_held() {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass() || call.thread().history.lock_count == 0) return;
  const History& history = call.thread().history;
  rememberModules();
  TextWriter out;
  out.text("hindsight: __tsan_check_no_mutexes_held: ").decimal(history.lock_count);
  out.text(" lock(s) held\n");
  for (u32 i = 0; i < history.lock_count; ++i) {
    out.text("  ").hex(history.locks[i].address).text(", taken ");
    writeFrame("%F %L", processSymbols().pc(history.locks[i].pc), 0, out);
    out.character('\n');
  }
  writeOutput(out.data(), out.size());
}
