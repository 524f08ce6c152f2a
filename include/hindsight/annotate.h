// annotate.h - telling Hindsight about synchronisation that it cannot see. C and C++.
//
// For code that orders threads by means no detector recognises (hand-written assembly, a device,
// an uninstrumented library) or that recycles memory itself. Each function is one call into the
// runtime when the program is linked with it, and one test of a null pointer when it is not, so
// annotated code needs neither Hindsight nor an #ifdef. A program built for ThreadSanitizer
// instead gets the same edges through that detector's own interface.
//
// An address names a synchronisation object; it is never dereferenced. What it knows is forgotten
// when the memory it points into is freed.
//
// C++ code may write hindsight::annotate::acquire(&x) for hindsight_acquire(&x), and so on.
//
// Thread safety: any thread. Not for signal handlers. Allocation: none visible to the program.
#ifndef HINDSIGHT_ANNOTATE_H
#define HINDSIGHT_ANNOTATE_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

// HINDSIGHT_UNINSTRUMENTED marks a function whose own memory accesses no detector looks at. What
// it calls is looked at as usual: the compiler inlines nothing instrumented into it, nor it into
// anything instrumented. (Clang 14 keeps to that only with the second attribute.)
#if defined(__clang__)
#if __has_feature(thread_sanitizer)
#define HINDSIGHT_INSTRUMENTED 1
#define HINDSIGHT_UNINSTRUMENTED \
  __attribute__((disable_sanitizer_instrumentation, no_sanitize("thread")))
#endif
#elif defined(__SANITIZE_THREAD__)
#define HINDSIGHT_INSTRUMENTED 1
#define HINDSIGHT_UNINSTRUMENTED __attribute__((no_sanitize("thread")))
#endif
#ifndef HINDSIGHT_INSTRUMENTED
#define HINDSIGHT_INSTRUMENTED 0
#define HINDSIGHT_UNINSTRUMENTED
#endif

#ifdef __cplusplus
#define HINDSIGHT_INLINE HINDSIGHT_UNINSTRUMENTED inline
#else
#define HINDSIGHT_INLINE HINDSIGHT_UNINSTRUMENTED static inline
#endif

// The runtime's entry points; null when it is not linked.
#define HINDSIGHT_WEAK __attribute__((weak))
HINDSIGHT_WEAK void __hindsight_acquire(void* object);
HINDSIGHT_WEAK void __hindsight_release(void* object);
HINDSIGHT_WEAK void __hindsight_release_store(void* object);
HINDSIGHT_WEAK void __hindsight_forget(void* object);
HINDSIGHT_WEAK void __hindsight_new_memory(void* start, size_t bytes);
HINDSIGHT_WEAK void __hindsight_name(void* start, size_t bytes, const char* name);
HINDSIGHT_WEAK void __hindsight_ignore_begin(void);
HINDSIGHT_WEAK void __hindsight_ignore_end(void);
/// A send (read) or close (write) of the channel whose state is at `state`.
HINDSIGHT_WEAK void __hindsight_chan_access(void* state, int is_write);

#if HINDSIGHT_INSTRUMENTED
// ThreadSanitizer's own interface, used when the program is linked with that runtime instead.
HINDSIGHT_WEAK void __tsan_acquire(void* object);
HINDSIGHT_WEAK void __tsan_release(void* object);
HINDSIGHT_WEAK void AnnotateIgnoreReadsBegin(const char* file, int line);
HINDSIGHT_WEAK void AnnotateIgnoreReadsEnd(const char* file, int line);
HINDSIGHT_WEAK void AnnotateIgnoreWritesBegin(const char* file, int line);
HINDSIGHT_WEAK void AnnotateIgnoreWritesEnd(const char* file, int line);
#define HINDSIGHT_OTHERWISE(function, ...) else if (function) function(__VA_ARGS__)
#else
#define HINDSIGHT_OTHERWISE(function, ...)
#endif

/// Everything that threads did before releasing `object` happens before what follows here.
HINDSIGHT_INLINE void hindsight_acquire(const void* object) {
  if (__hindsight_acquire) __hindsight_acquire((void*)object);
  HINDSIGHT_OTHERWISE(__tsan_acquire, (void*)object);
}

/// What precedes happens before every later acquire of `object`. Earlier releases stay in force.
HINDSIGHT_INLINE void hindsight_release(const void* object) {
  if (__hindsight_release) __hindsight_release((void*)object);
  HINDSIGHT_OTHERWISE(__tsan_release, (void*)object);
}

/// As hindsight_release, but earlier releases by other threads are no longer seen by later
/// acquires, unless this thread had itself acquired them.
HINDSIGHT_INLINE void hindsight_release_store(const void* object) {
  if (__hindsight_release_store) __hindsight_release_store((void*)object);
  HINDSIGHT_OTHERWISE(__tsan_release, (void*)object);
}

/// `object` is destroyed: a later acquire of the same address sees none of its releases.
HINDSIGHT_INLINE void hindsight_forget(const void* object) {
  if (__hindsight_forget) __hindsight_forget((void*)object);
}

/// `bytes` bytes at `start` are handed out afresh by a custom allocator: earlier accesses to them,
/// and synchronisation objects in them, belong to other objects and are forgotten.
HINDSIGHT_INLINE void hindsight_new_memory(const void* start, size_t bytes) {
  if (__hindsight_new_memory) __hindsight_new_memory((void*)start, bytes);
}

/// Reports about these bytes call them `name`. The text is copied.
HINDSIGHT_INLINE void hindsight_name(const void* start, size_t bytes, const char* name) {
  if (__hindsight_name) __hindsight_name((void*)start, bytes, name);
}

/// The calling thread's accesses are not checked until the matching end. Calls nest.
/// Synchronisation still counts.
HINDSIGHT_INLINE void hindsight_ignore_begin(void) {
  if (__hindsight_ignore_begin) __hindsight_ignore_begin();
#if HINDSIGHT_INSTRUMENTED
  else if (AnnotateIgnoreReadsBegin && AnnotateIgnoreWritesBegin) {
    AnnotateIgnoreReadsBegin(__FILE__, __LINE__);
    AnnotateIgnoreWritesBegin(__FILE__, __LINE__);
  }
#endif
}
HINDSIGHT_INLINE void hindsight_ignore_end(void) {
  if (__hindsight_ignore_end) __hindsight_ignore_end();
#if HINDSIGHT_INSTRUMENTED
  else if (AnnotateIgnoreReadsEnd && AnnotateIgnoreWritesEnd) {
    AnnotateIgnoreWritesEnd(__FILE__, __LINE__);
    AnnotateIgnoreReadsEnd(__FILE__, __LINE__);
  }
#endif
}

#undef HINDSIGHT_OTHERWISE

#ifdef __cplusplus
}  // extern "C"

namespace hindsight::annotate {

/// This point happens before every later happens_after(object).
inline void happens_before(const void* object) { hindsight_release(object); }
/// Every earlier happens_before(object) happens before this point.
inline void happens_after(const void* object) { hindsight_acquire(object); }

inline void acquire(const void* object) { hindsight_acquire(object); }
inline void release(const void* object) { hindsight_release(object); }
inline void release_store(const void* object) { hindsight_release_store(object); }
inline void forget(const void* object) { hindsight_forget(object); }
inline void new_memory(const void* start, size_t bytes) { hindsight_new_memory(start, bytes); }
inline void name(const void* start, size_t bytes, const char* text) {
  hindsight_name(start, bytes, text);
}
inline void ignore_begin() { hindsight_ignore_begin(); }
inline void ignore_end() { hindsight_ignore_end(); }

/// Accesses of the calling thread are not checked while one of these lives.
class ignore_scope {
 public:
  ignore_scope() { ignore_begin(); }
  ~ignore_scope() { ignore_end(); }
  ignore_scope(const ignore_scope&) = delete;
  ignore_scope& operator=(const ignore_scope&) = delete;
};

}  // namespace hindsight::annotate
#endif  // __cplusplus

#endif  // HINDSIGHT_ANNOTATE_H
