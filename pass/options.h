// options.h - switches of the pass, from the environment variable HINDSIGHT_PASS: a comma separated
// list of `no-NAME`, each for one rule. docs/architecture.md, "The pass's rules", has a table of
// them.
//
// They exist for tests (each rule is compared with the build without it, tests/model/pass) and for
// bug reports.
#pragma once

#include <string>

namespace hindsight {

struct Options {
  // Checks that others make unnecessary; without these rules the same races are found.
  bool elide = true;        // an earlier check covers the access
  bool later = true;        // a later one does
  bool merge = true;        // neighbours of a block are one check
  bool parts = true;        // which calls the runtime once
  bool ranges = true;       // a loop with a known count is checked in front of it
  bool nests = true;        // such ranges go on moving outwards
  bool after_loops = true;  // a loop without is checked behind it
  bool split = true;        // the short way round a loop becomes a loop
  bool escape = true;       // a local that nobody else knows is not checked
  bool constants = true;    // nor are reads of constants and virtual tables
  bool summaries = true;    // functions of the module are known not to synchronise
  bool library = true;      // and so are some of the C and C++ libraries
  bool keep = true;         // the current cell stays in a register until something may release
  bool small = true;        // small copies and fills are checked inline
  bool in_line = true;      // checks compare in line, but in very large functions
  bool leaf = true;         // a function without calls leaves the shadow stack alone
  // What the program does, seen rightly; without these, races are missed or invented.
  bool speculated = true;  // a load that the optimiser made up is not checked
  bool choices = true;     // the optimiser reads one of two places, as the program does
  bool conditions = true;  // and what it reads under a condition, under that
  bool selects = true;     // of two loads that a select chooses from, the chosen one is
  bool masked = true;      // lanes of vector instructions are checked
  bool lanes = true;       // those of a loaded vector that nobody uses are not
  bool assembly = true;    // atomic operations in inline assembly synchronise
  bool shared_ptr = true;  // the lock bit of libstdc++ 12's atomic<shared_ptr> is a lock
};

/// Sets `error` to the first word that is not known.
Options parseOptions(const char* text, std::string& error);

/// The words that are known, with ", " between them.
std::string optionWords();

}  // namespace hindsight
