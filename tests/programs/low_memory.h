// low_memory.h - memory below 4 GiB for the test programs.
#pragma once

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>

/// `bytes` bytes of zeros at an address of less than 32 bits.
static inline void* lowMemory(size_t bytes) {
  void* pages = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
  if (pages == MAP_FAILED || (uintptr_t)pages >> 32 != 0) abort();
  return pages;
}
