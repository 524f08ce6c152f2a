// tsan_external.cpp - libraries that describe accesses to their objects (__tsan_external_*): a call
// that reads or changes an object is an access to its first byte, made where the library was
// called.
//
// Thread safety: any thread. Allocation: arena, one entry per tag.
#include "base/spin_lock.h"
#include "base/text.h"
#include "core/address_map.h"
#include "entry/access.h"
#include "heap/heap.h"
#include "intercept/intercepted_call.h"
#include "report/memory_names.h"
#include "threads/runtime_scope.h"

using namespace hindsight;

namespace {

struct Tag {
  const char* object_type;
};
constexpr uptr kMaxTags = 1024;
constinit SpinLock tags_lock;
Tag tags[kMaxTags];
constinit uptr tag_count = 1;  // 0 is no tag

/// What the tag calls its objects; null for none.
const char* typeOf(const void* tag) {
  const auto index = reinterpret_cast<uptr>(tag);
  SpinLockGuard guard(tags_lock);
  return index != 0 && index < tag_count ? tags[index].object_type : nullptr;
}

/// The library's own frame is `pc`; it was called from `caller`.
void access(void* object, void* caller, const void* tag, bool writes, uptr pc) {
  TlsBlock& tls = __hindsight_tls;
  Thread* const thread = tls.thread;
  if (thread == nullptr || tls.in_runtime != 0) return;
  enterRuntime(tls);
  const uptr* top = tls.stack;
  if (caller != nullptr) {
    *tls.stack = reinterpret_cast<uptr>(caller);
    top = tls.stack + 1;
  }
  described_object = typeOf(tag);
  checkAccess(*thread, reinterpret_cast<uptr>(object), 1, writes, {pc, top});
  described_object = nullptr;
  leaveRuntime(tls);
}

}  // namespace

HINDSIGHT_EXPORT void* __tsan_external_register_tag(const char* object_type) {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  const char* const copy = copyText(object_type);
  SpinLockGuard guard(tags_lock);
  if (tag_count == kMaxTags) return nullptr;
  tags[tag_count].object_type = copy;
  return reinterpret_cast<void*>(tag_count++);
}

/// `header` is how ThreadSanitizer's first line calls such races; ours is the same for all.
HINDSIGHT_EXPORT void __tsan_external_register_header(void*, const char*) {}

/// The heap block that holds `object` is called by the tag's type in reports.
HINDSIGHT_EXPORT void __tsan_external_assign_tag(void* object, void* tag) {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return;
  const uptr block = findBlock(reinterpret_cast<uptr>(object));
  const char* const type = typeOf(tag);
  if (block != 0 && type != nullptr) nameMemory(block, sizeOf(block), type);
}

HINDSIGHT_EXPORT void __tsan_external_read(void* object, void* caller, void* tag) {
  access(object, caller, tag, false, HINDSIGHT_CALLER_PC);
}
HINDSIGHT_EXPORT void __tsan_external_write(void* object, void* caller, void* tag) {
  access(object, caller, tag, true, HINDSIGHT_CALLER_PC);
}
