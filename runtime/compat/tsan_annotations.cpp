// tsan_annotations.cpp - the dynamic annotations: what code has told race detectors since
// Valgrind's, by calls that are always there and that a detector answers.
//
// Headers in the wild declare these functions themselves and call them wherever
// __has_feature(thread_sanitizer) holds, so all of them are defined, also those that tell us
// nothing new (docs/tsan-compatibility.md). `file` and `line` are those of the annotation.
//
// Thread safety: any thread. Allocation: none visible to the program.
#include "base/types.h"
#include "entry/access.h"
#include "intercept/intercepted_call.h"
#include "report/benign_races.h"
#include "sync/sync.h"
#include "threads/thread.h"

using namespace hindsight;

namespace {

uptr addressOf(const volatile void* pointer) { return reinterpret_cast<uptr>(pointer); }

void releaseAt(uptr pc, const volatile void* object) {
  InterceptedCall call(pc);
  if (!call.bypass()) release(call.thread(), addressOf(object));
}

void acquireAt(uptr pc, const volatile void* object) {
  InterceptedCall call(pc);
  if (!call.bypass()) acquire(call.thread(), addressOf(object));
}

void createLock(uptr pc, const volatile void* lock) {
  InterceptedCall call(pc);
  if (!call.bypass()) lockCreated(call.thread(), addressOf(lock), pc);
}

void destroyLock(uptr pc, const volatile void* lock) {
  InterceptedCall call(pc);
  if (!call.bypass()) lockDestroyed(call.thread(), addressOf(lock), pc);
}

void benignRace(uptr pc, const volatile void* start, size_t bytes) {
  InterceptedCall call(pc);
  if (!call.bypass()) addBenignRace(addressOf(start), bytes);
}

// An ignored region of the calling thread begins or ends. Ends without a beginning do nothing.
void ignoreAccesses(uptr pc, bool begins) {
  InterceptedCall call(pc);
  if (call.bypass()) return;
  begins ? beginIgnoredAccesses(call.thread()) : endIgnoredAccesses(call.thread());
}
void ignoreSync(uptr pc, bool begins) {
  InterceptedCall call(pc);
  if (call.bypass()) return;
  u32& depth = call.thread().ignore_sync;
  if (begins)
    ++depth;
  else if (depth != 0)
    --depth;
}

}  // namespace

#define ANNOTATION(name, ...) HINDSIGHT_EXPORT void name(const char* file, int line, ##__VA_ARGS__)
#define UNUSED_PLACE static_cast<void>(file), static_cast<void>(line)
#define NO_EFFECT(name, ...) \
  HINDSIGHT_EXPORT void name(const char*, int, ##__VA_ARGS__) {}

// --- Order ---------------------------------------------------------------------------------------

HINDSIGHT_EXPORT void __tsan_acquire(void* object) { acquireAt(HINDSIGHT_CALLER_PC, object); }
HINDSIGHT_EXPORT void __tsan_release(void* object) { releaseAt(HINDSIGHT_CALLER_PC, object); }

ANNOTATION(AnnotateHappensBefore, const volatile void* object) {
  UNUSED_PLACE;
  releaseAt(HINDSIGHT_CALLER_PC, object);
}
ANNOTATION(AnnotateHappensAfter, const volatile void* object) {
  UNUSED_PLACE;
  acquireAt(HINDSIGHT_CALLER_PC, object);
}
ANNOTATION(WTFAnnotateHappensBefore, const volatile void* object) {
  UNUSED_PLACE;
  releaseAt(HINDSIGHT_CALLER_PC, object);
}
ANNOTATION(WTFAnnotateHappensAfter, const volatile void* object) {
  UNUSED_PLACE;
  acquireAt(HINDSIGHT_CALLER_PC, object);
}

// --- Read-write locks ----------------------------------------------------------------------------

ANNOTATION(AnnotateRWLockCreate, const volatile void* lock) {
  UNUSED_PLACE;
  createLock(HINDSIGHT_CALLER_PC, lock);
}
// A static lock may be announced by every translation unit that uses it, and after its first use.
NO_EFFECT(AnnotateRWLockCreateStatic, const volatile void*)
ANNOTATION(AnnotateRWLockDestroy, const volatile void* lock) {
  UNUSED_PLACE;
  destroyLock(HINDSIGHT_CALLER_PC, lock);
}
ANNOTATION(AnnotateRWLockAcquired, const volatile void* lock, long is_writer) {
  UNUSED_PLACE;
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (!call.bypass())
    lockObtained(call.thread(), addressOf(lock),
                 is_writer != 0 ? LockMode::Exclusive : LockMode::Shared, call.pc(),
                 LockCall::Tries);  // it does not say whether it would have waited
}
ANNOTATION(AnnotateRWLockReleased, const volatile void* lock, long is_writer) {
  UNUSED_PLACE;
  static_cast<void>(is_writer);  // how it was taken decides
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (!call.bypass()) lockReleasing(call.thread(), addressOf(lock));
}

// --- Left out ------------------------------------------------------------------------------------

// ThreadSanitizer's ignored reads are ignored writes, too, and the other way round.
ANNOTATION(AnnotateIgnoreReadsBegin) {
  UNUSED_PLACE;
  ignoreAccesses(HINDSIGHT_CALLER_PC, true);
}
ANNOTATION(AnnotateIgnoreReadsEnd) {
  UNUSED_PLACE;
  ignoreAccesses(HINDSIGHT_CALLER_PC, false);
}
ANNOTATION(AnnotateIgnoreWritesBegin) {
  UNUSED_PLACE;
  ignoreAccesses(HINDSIGHT_CALLER_PC, true);
}
ANNOTATION(AnnotateIgnoreWritesEnd) {
  UNUSED_PLACE;
  ignoreAccesses(HINDSIGHT_CALLER_PC, false);
}
ANNOTATION(AnnotateIgnoreSyncBegin) {
  UNUSED_PLACE;
  ignoreSync(HINDSIGHT_CALLER_PC, true);
}
ANNOTATION(AnnotateIgnoreSyncEnd) {
  UNUSED_PLACE;
  ignoreSync(HINDSIGHT_CALLER_PC, false);
}
HINDSIGHT_EXPORT void __tsan_ignore_thread_begin() { ignoreAccesses(HINDSIGHT_CALLER_PC, true); }
HINDSIGHT_EXPORT void __tsan_ignore_thread_end() { ignoreAccesses(HINDSIGHT_CALLER_PC, false); }

ANNOTATION(AnnotateBenignRace, const volatile void* start, const char* why) {
  UNUSED_PLACE;
  static_cast<void>(why);
  benignRace(HINDSIGHT_CALLER_PC, start, 0);
}
ANNOTATION(AnnotateBenignRaceSized, const volatile void* start, size_t bytes, const char* why) {
  UNUSED_PLACE;
  static_cast<void>(why);
  benignRace(HINDSIGHT_CALLER_PC, start, bytes);
}
ANNOTATION(WTFAnnotateBenignRaceSized, const volatile void* start, size_t bytes, const char* why) {
  UNUSED_PLACE;
  static_cast<void>(why);
  benignRace(HINDSIGHT_CALLER_PC, start, bytes);
}

// --- Memory and names ----------------------------------------------------------------------------

ANNOTATION(AnnotateNewMemory, const volatile void* start, size_t bytes) {
  UNUSED_PLACE;
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return;
  resetShadow(addressOf(start), bytes);
  forgetAnnotations(addressOf(start), bytes);
}
ANNOTATION(AnnotateThreadName, const char* name) {
  UNUSED_PLACE;
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (!call.bypass() && name != nullptr) nameThread(call.thread(), name);
}

// --- Nothing to tell -----------------------------------------------------------------------------

// Condition variables and queues order nothing by themselves; their locks do.
NO_EFFECT(AnnotateCondVarSignal, const volatile void*)
NO_EFFECT(AnnotateCondVarSignalAll, const volatile void*)
NO_EFFECT(AnnotateCondVarWait, const volatile void*, const volatile void*)
NO_EFFECT(AnnotateMutexIsUsedAsCondVar, const volatile void*)
NO_EFFECT(AnnotateMutexIsNotPHB, const volatile void*)
NO_EFFECT(AnnotatePCQCreate, const volatile void*)
NO_EFFECT(AnnotatePCQDestroy, const volatile void*)
NO_EFFECT(AnnotatePCQPut, const volatile void*)
NO_EFFECT(AnnotatePCQGet, const volatile void*)
NO_EFFECT(AnnotatePublishMemoryRange, const volatile void*, size_t)
NO_EFFECT(AnnotateUnpublishMemoryRange, const volatile void*, size_t)
NO_EFFECT(AnnotateExpectRace, const volatile void*, const char*)
NO_EFFECT(AnnotateFlushExpectedRaces)
NO_EFFECT(AnnotateEnableRaceDetection, int)
NO_EFFECT(AnnotateTraceMemory, const volatile void*)
NO_EFFECT(AnnotateFlushState)
NO_EFFECT(AnnotateNoOp, const volatile void*)
NO_EFFECT(AnnotateMemoryIsInitialized, const volatile void*, size_t)
NO_EFFECT(AnnotateMemoryIsUninitialized, const volatile void*, size_t)

HINDSIGHT_EXPORT int RunningOnValgrind() { return 0; }
/// How much longer programs that measure time should wait; ThreadSanitizer's answer.
HINDSIGHT_EXPORT double ValgrindSlowdown() { return 10; }
