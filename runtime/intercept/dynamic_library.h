// dynamic_library.h - shared libraries that come while the program runs start afresh.
//
// Thread safety: any thread. Allocation: arena.
#pragma once

namespace hindsight {

/// What is loaded now was there from the start. Called once, before any constructor.
void initDynamicLibraries();
/// An instrumented library's first constructor runs.
void libraryStarts();

}  // namespace hindsight
