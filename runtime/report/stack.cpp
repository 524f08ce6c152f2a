#include "report/stack.h"

#include "base/arena.h"
#include "base/text.h"
#include "report/modules.h"

namespace hindsight {
namespace {

/// Below the program's first function: how the names begin (all of it, if they end in "()").
constexpr const char* kBottomGlue[] = {
    // libc
    "start_thread()",
    "clone()",
    "__clone()",
    "clone3()",
    "__clone3()",
    "__clone_internal()",
    "_start()",
    "__libc_start_main()",
    "__libc_start_main_impl()",
    "__libc_start_call_main()",
    // libstdc++
    "execute_native_thread_routine()",
    "std::thread::_State_impl<",
    "std::thread::_Invoker<",
    "std::__invoke_impl<",
    "std::__invoke<",
    // libc++
    "std::__1::__thread_proxy[",
    "std::__1::__thread_proxy<",
    "std::__1::__thread_execute[",
    "std::__1::__thread_execute<",
    "std::__1::__invoke[",
    "std::__1::__invoke<",
};

/// Above the line that creates a thread.
constexpr const char* kTopGlue[] = {
    "pthread_create()",
    "thrd_create()",
    "std::thread::_M_start_thread(",
    "std::thread::thread<",
    "std::jthread::jthread<",
    "std::jthread::_S_create<",
    "std::__1::__libcpp_thread_create[",
    "std::__1::__libcpp_thread_create(",
    "std::__1::thread::thread<",
    "std::__1::thread::thread[",
    "std::__1::jthread::jthread<",
    // OpenMP
    "__kmpc_fork_call()",
    "__kmpc_fork_teams()",
};

template <u32 kCount>
bool isAnyOf(const char* function, const char* const (&names)[kCount]) {
  for (const char* name : names)
    if (textStartsWith(function, name)) return true;
  return false;
}

/// Thread start in a library without symbols, or the C library's way to main.
bool isNamelessStart(const NamedFrame& frame) {
  if (frame.source->function[0] != 0 && !textStartsWith(frame.source->function, "??")) return false;
  const char* name = frame.at->module;
  for (const char* p = name; *p != 0; ++p)
    if (*p == '/') name = p + 1;
  return textStartsWith(name, "libstdc++.so") || textStartsWith(name, "libc++.so") ||
         textStartsWith(name, "libc.so.");
}

/// Between a directive's call and the code that it runs, or the thread that it makes.
bool isInsideOpenMp(const NamedFrame& frame) {
  if (textStartsWith(frame.source->function, "hindsight::runUntiedPart(")) return true;
  return isOpenMpLibrary(frame.at->module) && !textStartsWith(frame.source->function, "__kmpc_");
}

/// The runtime's functions. Its public headers live in the same namespace, but their functions are
/// the program's and come with debug information from the program.
bool isRuntime(const SourceFrame& frame) {
  if (textStartsWith(frame.function, "__hindsight_")) return true;
  return textStartsWith(frame.function, "hindsight::") && frame.file[0] == 0;
}

/// Where an interceptor calls what the program has given it, and wants to know of exceptions
/// (intercept/unwind_hook.h).
bool isInsideCall(const SourceFrame& frame) {
  return textStartsWith(frame.function, "hindsightUnwindFrame()") ||
         textStartsWith(frame.function, "hindsight::callWithUnwindHook(");
}

}  // namespace

NamedStack::NamedStack(const StackView& stack, const SymbolSource& symbols) {
  for (u32 i = 0; i < stack.count; ++i) capacity_ += symbols.pc(stack.pcs[i]).count;
  if (capacity_ == 0) return;
  frames_ = static_cast<NamedFrame*>(arenaAllocate(capacity_ * sizeof(NamedFrame)));
  for (u32 i = 0; i < stack.count; ++i) {
    const SymbolizedPc& at = symbols.pc(stack.pcs[i]);
    for (u32 inlined = 0; inlined < at.count; ++inlined)
      frames_[last_++] = {&at, &at.frames[inlined]};
  }
  dropInsides();
  trim();
}

NamedStack::~NamedStack() {
  if (frames_ != nullptr) arenaFree(frames_, capacity_ * sizeof(NamedFrame));
}

void NamedStack::dropInsides() {
  u32 kept = 0;
  for (u32 i = 0; i < last_; ++i)
    if (!isInsideOpenMp(frames_[i]) && !isInsideCall(*frames_[i].source))
      frames_[kept++] = frames_[i];
  if (kept != 0) last_ = kept;
}

void NamedStack::trim() {
  const auto isBottom = [](const SourceFrame& frame) {
    return isAnyOf(frame.function, kBottomGlue) || isRuntime(frame);
  };
  const auto isTop = [](const SourceFrame& frame) {
    return isAnyOf(frame.function, kTopGlue) || isRuntime(frame);
  };
  while (last_ - first_ > 1 &&
         (isBottom(*frames_[last_ - 1].source) || isNamelessStart(frames_[last_ - 1])))
    --last_;
  while (last_ - first_ > 1 && isTop(*frames_[first_].source)) ++first_;
}

}  // namespace hindsight
