// command_line.h - what a Clang command line asks for, as far as the wrapper must know.
//
// Nothing is removed or reordered but the wrapper's own options; every other argument, known or
// not, goes on to Clang as it is. The table of options with a separate value is only used to tell
// inputs from values. An option missing there can at worst make a command without input look like
// one with input.
//
// Thread safety: single-threaded tools. Allocation: the standard library's.
#pragma once

#include <set>
#include <string>
#include <vector>

namespace hindsight::tools {

struct CommandLine {
  /// The arguments for Clang: all but the wrapper's own.
  std::vector<std::string> arguments;

  // The wrapper's own options.
  std::string clang;            // --hindsight-clang=PROGRAM
  bool shared_runtime = false;  // --hindsight-shared-runtime
  bool dry_run = false;         // --hindsight-dry-run: print the command instead

  bool has_input = false;            // false: --version, -print-..., and the like
  bool raw = false;                  // -cc1, -cc1as: not a driver command line
  bool stops_before_link = false;    // -c, -S, -E, -fsyntax-only, ..., or only headers as input
  bool generates_code = true;        // false for -E, -fsyntax-only, -M, ...
  bool makes_library = false;        // -shared
  bool makes_relocatable = false;    // -r
  bool forbids_undefined = false;    // -Wl,-z,defs, -Wl,--no-undefined
  bool hides_symbols = false;        // -Wl,--version-script=..., -Wl,--exclude-libs,ALL
  std::string target;                // of the last --target=, -target; empty: this machine's
  std::string static_flag;           // -static or -static-pie as spelled, else empty
  std::string no_pie_flag;           // -no-pie as spelled, else empty
  std::string no_pic_flag;           // the last -f[no-]pi[ec] if it says no, else empty
  std::string foreign_width_flag;    // -m32, -mx32, -m16
  std::set<std::string> sanitizers;  // in force at the end, with "thread" from the start

  bool links() const { return has_input && !raw && !stops_before_link; }
};

/// Reads `arguments` (without argv[0]). Response files are read for what they say, and passed on
/// as they are, unless there is a `--` in one; a file that cannot be read is Clang's to complain
/// about.
CommandLine parseCommandLine(const std::vector<std::string>& arguments);

/// The arguments in a response file's text: blanks separate, quotes and backslashes protect.
std::vector<std::string> splitResponseFile(const std::string& text);

}  // namespace hindsight::tools
