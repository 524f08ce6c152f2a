// vfork is fork here: its child would run instrumented code, and the runtime, in its parent's
// memory and on its parent's shadow stack, and end by printing the parent's summary.
//
// POSIX gives a vfork's child nothing that a fork's child may not do. What the parent loses is that
// it waits for the child to call exec or _exit.
#include <unistd.h>

#include "intercept/intercepted_call.h"

HINDSIGHT_INTERCEPTOR pid_t vfork() noexcept { return fork(); }

extern "C" __attribute__((visibility("default"), alias("vfork"))) pid_t __vfork() noexcept;
