// ck_atomics.h - Concurrency Kit 0.7's atomics and fences, spelled in C11.
//
// On x86 they are inline assembly, which no compiler pass sees. For analysers it has a second spelling, of
// __sync builtins and volatile accesses (CK_USE_CC_BUILTINS); this header completes that:
//
//   ck_pr_load_*, ck_pr_store_*    relaxed atomic loads and stores; of pointers consume and release, as it counts
//                                  on data dependencies and x86, or relaxed, too, with -DCK_RELAXED_POINTERS
//   ck_pr_fence_*                  fences that are emitted, as on a processor that orders nothing by itself
//
// Its lists, locks and rings are in its headers, which are compiled with the program. What is in libck.so (barriers,
// epochs, hash tables) was compiled with the assembly and is not used here.
//
// Include it before any other header of Concurrency Kit.
#pragma once

#define CK_USE_CC_BUILTINS 1
#include <ck_cc.h>
#include <ck_md.h>
#undef CK_MD_TSO
#define CK_MD_RMO 1

// The builtins alone, under the guard of the header that includes them.
#define CK_PR_H
#include <gcc/ck_pr.h>
#undef CK_PR_H

#define HINDSIGHT_CK_LOAD(type, from) __atomic_load_n((type const *)(from), __ATOMIC_RELAXED)
#define HINDSIGHT_CK_STORE(type, to, value) __atomic_store_n((type *)(to), (type)(value), __ATOMIC_RELAXED)
#ifdef CK_RELAXED_POINTERS
#define ck_pr_md_load_ptr(from) HINDSIGHT_CK_LOAD(void *, from)
#define ck_pr_md_store_ptr(to, value) HINDSIGHT_CK_STORE(void *, to, value)
#else
#define ck_pr_md_load_ptr(from) __atomic_load_n((void *const *)(from), __ATOMIC_CONSUME)
#define ck_pr_md_store_ptr(to, value) __atomic_store_n((void **)(to), (void *)(value), __ATOMIC_RELEASE)
#endif
#define ck_pr_md_load_char(from) HINDSIGHT_CK_LOAD(char, from)
#define ck_pr_md_load_uint(from) HINDSIGHT_CK_LOAD(unsigned int, from)
#define ck_pr_md_load_int(from) HINDSIGHT_CK_LOAD(int, from)
#define ck_pr_md_load_64(from) HINDSIGHT_CK_LOAD(uint64_t, from)
#define ck_pr_md_load_32(from) HINDSIGHT_CK_LOAD(uint32_t, from)
#define ck_pr_md_load_16(from) HINDSIGHT_CK_LOAD(uint16_t, from)
#define ck_pr_md_load_8(from) HINDSIGHT_CK_LOAD(uint8_t, from)
#define ck_pr_md_store_char(to, value) HINDSIGHT_CK_STORE(char, to, value)
#define ck_pr_md_store_uint(to, value) HINDSIGHT_CK_STORE(unsigned int, to, value)
#define ck_pr_md_store_int(to, value) HINDSIGHT_CK_STORE(int, to, value)
#define ck_pr_md_store_64(to, value) HINDSIGHT_CK_STORE(uint64_t, to, value)
#define ck_pr_md_store_32(to, value) HINDSIGHT_CK_STORE(uint32_t, to, value)
#define ck_pr_md_store_16(to, value) HINDSIGHT_CK_STORE(uint16_t, to, value)
#define ck_pr_md_store_8(to, value) HINDSIGHT_CK_STORE(uint8_t, to, value)

#include <ck_pr.h>
