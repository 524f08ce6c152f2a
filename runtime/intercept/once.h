// once.h - the start of the interceptors of pthread_once.
#pragma once

namespace hindsight {

/// Has an unwinder in the program itself (-static-libgcc) make its pthread_once call now, when it
/// orders nobody. Requires: everything else is initialised, and the program has no threads.
void initOnce();

/// The same for libstdc++'s locales, whose first use by a program that has threads (of a stream,
/// too) makes one. Call it outside the runtime, before the first thread is created; later calls do
/// nothing.
void prepareLocales();

}  // namespace hindsight
