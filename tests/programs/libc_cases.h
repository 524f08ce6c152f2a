// libc_cases.h - many calls of the C library in one program, each against a plain access.
//
// A case is a call and an access of the program to memory that the call reads or writes. In a racy
// program the two run in unordered threads, and every case must be reported; in a clean one the first
// thread is joined before the second is created.
//
//   constexpr Case kCases[] = {
//     {"uname", [] { uname(&names); }, [] { names.sysname[0] = 'x'; }},
//   };
//
// The access is a write where the call reads. Programs say how many reports they expect.
#pragma once

#include <stdio.h>
#include <string.h>

#include "threads.h"

/// Makes the compiler compute `value`, and keep it out of memory that threads share.
template <class Value>
void keep(Value value) {
  __asm__ volatile("" : : "m"(value) : "memory");
}

struct Case {
  const char* name;
  void (*call)();
  void (*access)();
};

/// Runs every case unordered: call first, access second.
template <int kCount>
void raceCases(const Case (&cases)[kCount]) {
  for (const Case& one : cases) runUnordered(one.call, one.access);
}

/// The clean twin.
template <int kCount>
void orderCases(const Case (&cases)[kCount]) {
  for (const Case& one : cases) runOrdered(one.call, one.access);
}
