// obstack.cpp - stacks of objects: chunks that begin, grow, move and go, and text printed into
// them.
//
// Most of obstack.h is macros, which are instrumented where they are used. Chunks come from and go
// to functions of the program, outside the runtime.
//
// Thread safety: any thread. Allocation: none of ours.
#include "intercept/argument_list.h"
#include "intercept/real_calls.h"

#include "intercept/format.h"
#include "intercept/uniform.h"

#include <stddef.h>

using namespace hindsight;

namespace {

/// From one member of a struct through another.
#define HINDSIGHT_MEMBERS(object, first, last) \
  &(object)->first, offsetof(obstack, last) + sizeof((object)->last) - offsetof(obstack, first)

/// The bit fields, behind extra_arg.
const void* flagsOf(const obstack* stack) { return &stack->extra_arg + 1; }

using ObstackChunk = _obstack_chunk;
constexpr size_t kChunkHead = offsetof(ObstackChunk, contents);

bool holds(const ObstackChunk* chunk, const void* object) {
  const auto at = reinterpret_cast<uptr>(object);
  return reinterpret_cast<uptr>(chunk) < at && at <= reinterpret_cast<uptr>(chunk->limit);
}

/// Reads the heads of the chunks down to the one that holds `object`, or of all.
void readsChunks(InterceptedCall& call, const obstack* stack, const void* object) {
  call.reads(&stack->chunk, sizeof stack->chunk);
  for (const ObstackChunk* chunk = stack->chunk; chunk != nullptr; chunk = chunk->prev) {
    const bool found = holds(chunk, object);
    call.reads(chunk, found ? sizeof chunk->limit : kChunkHead);
    if (found) return;
  }
}

void writesBegun(InterceptedCall& call, const obstack* stack, bool with_argument) {
  call.writes(HINDSIGHT_MEMBERS(stack, chunk_size, chunk_limit));
  call.writes(&stack->alignment_mask, sizeof stack->alignment_mask);
  if (with_argument)
    call.writes(HINDSIGHT_MEMBERS(stack, chunkfun, extra_arg));
  else
    call.writes(HINDSIGHT_MEMBERS(stack, chunkfun, freefun));
  call.writes(flagsOf(stack), 1);
  call.writes(stack->chunk, kChunkHead);
}

void readsGrowing(InterceptedCall& call, const obstack* stack) {
  call.reads(HINDSIGHT_MEMBERS(stack, chunk_size, chunk_limit));
  call.reads(&stack->alignment_mask, sizeof stack->alignment_mask);
}

/// What a stack's object was before it grew.
struct Object {
  explicit Object(const obstack* stack)
      : base(stack->object_base),
        bytes(static_cast<size_t>(stack->next_free - stack->object_base)) {}
  const char* base;
  size_t bytes;
};

/// `added` bytes were put behind `before`, which may lie elsewhere now, in a chunk of its own.
void writesGrown(InterceptedCall& call, const obstack* stack, const Object& before, size_t added) {
  if (stack->object_base != before.base) {
    call.writes(HINDSIGHT_MEMBERS(stack, chunk, chunk_limit));
    call.writes(flagsOf(stack), 1);
    call.writes(stack->chunk, kChunkHead);
    writesBytes(call, stack->object_base, before.bytes + added);
  } else {
    call.writes(&stack->next_free, sizeof stack->next_free);
    writesBytes(call, stack->object_base + before.bytes, added);
  }
}

template <class RealPrint>
int printToObstack(uptr pc, obstack* stack, const char* format, va_list arguments,
                   RealPrint real_print) {
  InterceptedCall call(pc);
  if (call.bypass()) return real_print();
  va_list copy;
  va_copy(copy, arguments);
  checkPrintf(call, format, copy);
  va_end(copy);
  if (!mayLook(stack)) return call.blocking(real_print);
  readsGrowing(call, stack);
  const Object before(stack);
  const int length = call.blocking(real_print);
  if (length >= 0) writesGrown(call, stack, before, static_cast<size_t>(length));
  return length;
}

}  // namespace

HINDSIGHT_INTERCEPTOR int _obstack_begin(obstack* stack, int bytes, int alignment,
                                         void* (*allocate)(long), void (*release)(void*)) {
  return intercepted(
      HINDSIGHT_CALLER_PC,
      [=] { return real._obstack_begin(stack, bytes, alignment, allocate, release); },
      kReadsNothing, [=](InterceptedCall& call, auto&&) { writesBegun(call, stack, false); });
}

HINDSIGHT_INTERCEPTOR int _obstack_begin_1(obstack* stack, int bytes, int alignment,
                                           void* (*allocate)(void*, long),
                                           void (*release)(void*, void*), void* argument) {
  return intercepted(
      HINDSIGHT_CALLER_PC,
      [=] { return real._obstack_begin_1(stack, bytes, alignment, allocate, release, argument); },
      kReadsNothing, [=](InterceptedCall& call, auto&&) { writesBegun(call, stack, true); });
}

HINDSIGHT_INTERCEPTOR void _obstack_newchunk(obstack* stack, int bytes) {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass() || !mayLook(stack)) return real._obstack_newchunk(stack, bytes);
  readsGrowing(call, stack);
  const Object before(stack);
  readsBytes(call, before.base, before.bytes);
  call.blocking([=] { real._obstack_newchunk(stack, bytes); });
  writesGrown(call, stack, before, 0);
}

HINDSIGHT_INTERCEPTOR int _obstack_allocated_p(obstack* stack, void* object) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real._obstack_allocated_p(stack, object); },
      [=](InterceptedCall& call) {
        if (mayLook(stack)) readsChunks(call, stack, object);
      });
}

HINDSIGHT_INTERCEPTOR void obstack_free(obstack* stack, void* object) {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass() || !mayLook(stack)) return real.obstack_free(stack, object);
  readsChunks(call, stack, object);
  const ObstackChunk* const newest = stack->chunk;
  const bool goes = newest != nullptr && !holds(newest, object);
  call.blocking([=] { real.obstack_free(stack, object); });
  if (object != nullptr) call.writes(HINDSIGHT_MEMBERS(stack, chunk, chunk_limit));
  if (goes) call.writes(flagsOf(stack), 1);
}
HINDSIGHT_ALIAS(_obstack_free, obstack_free);

HINDSIGHT_INTERCEPTOR int _obstack_memory_used(obstack* stack) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real._obstack_memory_used(stack); },
      [=](InterceptedCall& call) {
        if (mayLook(stack)) readsChunks(call, stack, nullptr);
      });
}

HINDSIGHT_INTERCEPTOR int obstack_vprintf(obstack* stack, const char* format,
                                          va_list arguments) noexcept {
  return printToObstack(HINDSIGHT_CALLER_PC, stack, format, arguments,
                        [&] { return real.obstack_vprintf(stack, format, arguments); });
}

HINDSIGHT_INTERCEPTOR int obstack_printf(obstack* stack, const char* format, ...) noexcept {
  HINDSIGHT_ARGUMENTS(list, format);
  return printToObstack(HINDSIGHT_CALLER_PC, stack, format, list,
                        [&] { return real.obstack_vprintf(stack, format, list); });
}

HINDSIGHT_INTERCEPTOR int __obstack_vprintf_chk(obstack* stack, int flag, const char* format,
                                                va_list arguments) noexcept {
  return printToObstack(HINDSIGHT_CALLER_PC, stack, format, arguments,
                        [&] { return real.__obstack_vprintf_chk(stack, flag, format, arguments); });
}

HINDSIGHT_INTERCEPTOR int __obstack_printf_chk(obstack* stack, int flag, const char* format,
                                               ...) noexcept {
  HINDSIGHT_ARGUMENTS(list, format);
  return printToObstack(HINDSIGHT_CALLER_PC, stack, format, list,
                        [&] { return real.__obstack_vprintf_chk(stack, flag, format, list); });
}
