// check.h - the one assertion of the programs in this folder.
//
// Each program verifies its own result, so that a clean run means that the work was really done.
// A failed check ends the program with status 1; a reported race ends it with 66.
//
// Thread safety: require() may be called from any thread. Usable from C and C++.
#pragma once

#include <stdio.h>
#include <stdlib.h>

static inline void require(int condition, const char* what) {
  if (condition) return;
  fprintf(stderr, "self-check failed: %s\n", what);
  exit(1);
}
