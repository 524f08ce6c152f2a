// tsan_annotations.cpp - the annotations that code written for ThreadSanitizer calls.
//
// Headers in the wild declare these themselves and call them whenever
// __has_feature(thread_sanitizer) holds, so a program that includes such a header does not link
// without them. Each is one of our own annotations under another name.
#include "base/types.h"
#include "base/types.h"

extern "C" {
void __hindsight_acquire(void* object);
void __hindsight_release(void* object);
void __hindsight_release_store(void* object);
void __hindsight_forget(void* object);
void __hindsight_new_memory(void* start, size_t bytes);
void __hindsight_name(void* start, size_t bytes, const char* name);
void __hindsight_ignore_begin();
void __hindsight_ignore_end();
#define X __attribute__((visibility("default")))
X void __tsan_acquire(void* o) { __hindsight_acquire(o); }
X void __tsan_release(void* o) { __hindsight_release(o); }
X void AnnotateHappensBefore(const char*, int, void* o) { __hindsight_release(o); }
X void AnnotateHappensAfter(const char*, int, void* o) { __hindsight_acquire(o); }
X void AnnotateIgnoreReadsBegin(const char*, int) { __hindsight_ignore_begin(); }
X void AnnotateIgnoreReadsEnd(const char*, int) { __hindsight_ignore_end(); }
X void AnnotateIgnoreWritesBegin(const char*, int) { __hindsight_ignore_begin(); }
X void AnnotateIgnoreWritesEnd(const char*, int) { __hindsight_ignore_end(); }
X void AnnotateNewMemory(const char*, int, void* s, size_t n) { __hindsight_new_memory(s, n); }
X void AnnotateRWLockCreate(const char*, int, void* l) { __hindsight_forget(l); }
X void AnnotateRWLockDestroy(const char*, int, void* l) { __hindsight_forget(l); }
X void AnnotateRWLockAcquired(const char*, int, void* l, long) { __hindsight_acquire(l); }
X void AnnotateRWLockReleased(const char*, int, void* l, long) { __hindsight_release(l); }
}
