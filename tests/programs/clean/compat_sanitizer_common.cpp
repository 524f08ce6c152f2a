// compat_sanitizer_common.cpp - what all sanitizers offer: stacks and symbols, the heap's figures and
// hooks, the place of reports. Each condition that does not hold counts in the exit status.
// EXPECT: contains "#0 "
// EXPECT: contains "in printsItsStack() "
// EXPECT: contains "compat_sanitizer_common.cpp:"
// EXPECT: contains "1 lock(s) held"
// EXPECT: not-contains "does not hold"
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

extern "C" {
void __sanitizer_print_stack_trace();
void __sanitizer_symbolize_pc(void*, const char*, char*, size_t);
void __sanitizer_symbolize_global(void*, const char*, char*, size_t);
int __sanitizer_get_module_and_offset_for_pc(void*, char*, size_t, void**);
void __sanitizer_set_report_path(const char*);
const char* __sanitizer_get_report_path();
int __sanitizer_acquire_crash_state();
size_t __sanitizer_get_current_allocated_bytes();
size_t __sanitizer_get_heap_size();
size_t __sanitizer_get_free_bytes();
size_t __sanitizer_get_unmapped_bytes();
size_t __sanitizer_get_estimated_allocated_size(size_t);
int __sanitizer_get_ownership(const volatile void*);
size_t __sanitizer_get_allocated_size(const volatile void*);
const void* __sanitizer_get_allocated_begin(const void*);
int __sanitizer_install_malloc_and_free_hooks(void (*)(const volatile void*, size_t),
                                              void (*)(const volatile void*));
uint32_t __sanitizer_unaligned_load32(const void*);
void __sanitizer_unaligned_store32(void*, uint32_t);
const char* __tsan_locate_address(void*, char*, size_t, void**, size_t*);
void __tsan_check_no_mutexes_held();
void __tsan_flush_memory();
}

int failures = 0;
#define HOLDS(condition)                                                 \
  if (!(condition)) {                                                    \
    ++failures;                                                          \
    fprintf(stderr, "%d: %s does not hold\n", __LINE__, #condition);     \
  }

int a_global;
size_t announced = 0;
int freed = 0, defined = 0;
extern "C" void __sanitizer_malloc_hook(const volatile void*, size_t) { ++defined; }
extern "C" void __sanitizer_free_hook(const volatile void*) {}

__attribute__((noinline)) static void printsItsStack() {
  __sanitizer_print_stack_trace();
  __asm__ volatile("");
}

int main() {
  // First of all: nothing has looked at the modules before.
  char name[64];
  void* start;
  size_t bytes_there;
  HOLDS(strcmp(__tsan_locate_address(&a_global, name, sizeof(name), &start, &bytes_there), "global") == 0);
  HOLDS(strcmp(name, "a_global") == 0 && start == &a_global && bytes_there == sizeof(a_global));

  printsItsStack();
  char text[256];
  void* here = reinterpret_cast<void*>(reinterpret_cast<uintptr_t>(&printsItsStack) + 1);
  __sanitizer_symbolize_pc(here, "<%f>", text, sizeof(text));
  HOLDS(strstr(text, "<printsItsStack()>") != nullptr);
  __sanitizer_symbolize_pc(here, "%f", text, 4);
  HOLDS(strlen(text) == 3);
  __sanitizer_symbolize_global(&a_global, "%g", text, sizeof(text));
  HOLDS(strcmp(text, "a_global") == 0);
  void* offset = nullptr;
  HOLDS(__sanitizer_get_module_and_offset_for_pc(here, text, sizeof(text), &offset) == 1);
  HOLDS(strstr(text, "compat_sanitizer_common") != nullptr && offset != nullptr);
  HOLDS(__sanitizer_get_module_and_offset_for_pc(nullptr, text, sizeof(text), &offset) == 0);

  HOLDS(__sanitizer_get_report_path()[0] == 0);
  __sanitizer_set_report_path("/tmp/never_written");
  char expected[64];
  snprintf(expected, sizeof(expected), "/tmp/never_written.%d", static_cast<int>(getpid()));
  HOLDS(strcmp(__sanitizer_get_report_path(), expected) == 0);
  __sanitizer_set_report_path(nullptr);
  HOLDS(__sanitizer_get_report_path()[0] == 0);
  HOLDS(__sanitizer_acquire_crash_state() == 1 && __sanitizer_acquire_crash_state() == 0);

  const size_t before = __sanitizer_get_current_allocated_bytes();
  char* block = static_cast<char*>(malloc(100000));
  HOLDS(block != nullptr && __sanitizer_get_current_allocated_bytes() >= before + 100000);
  HOLDS(__sanitizer_get_heap_size() >= __sanitizer_get_current_allocated_bytes());
  HOLDS(__sanitizer_get_estimated_allocated_size(10) >= 10);
  HOLDS(__sanitizer_get_ownership(block) == 1 && __sanitizer_get_ownership(block + 16) == 0);
  HOLDS(__sanitizer_get_allocated_size(block) == 100000 && __sanitizer_get_allocated_size(&a_global) == 0);
  HOLDS(__sanitizer_get_allocated_begin(block + 99999) == block);
  free(block);
  HOLDS(__sanitizer_get_ownership(block) == 0);

  HOLDS(__sanitizer_install_malloc_and_free_hooks(
            [](const volatile void*, size_t bytes) { announced = bytes; },
            [](const volatile void*) { ++freed; }) > 0);
  const int defined_before = defined;
  block = static_cast<char*>(malloc(123));
  __asm__ volatile("" : : "r"(block) : "memory");
  HOLDS(announced == 123 && defined == defined_before + 1);
  free(block);
  HOLDS(freed == 1);

  char bytes[8] = {};
  __sanitizer_unaligned_store32(bytes + 1, 0x01020304);
  HOLDS(__sanitizer_unaligned_load32(bytes + 1) == 0x01020304 && bytes[0] == 0 && bytes[5] == 0);

  static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  __tsan_check_no_mutexes_held();
  pthread_mutex_lock(&mutex);
  __tsan_check_no_mutexes_held();
  pthread_mutex_unlock(&mutex);
  __tsan_flush_memory();
  return failures;
}
