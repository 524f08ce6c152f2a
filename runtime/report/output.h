// output.h - where reports go, whatever state the program's files are in.
//
// A report is written with one write(), to stderr, stdout or `log_path.<pid>`. The log file is
// opened for each report: the program may close every descriptor it does not know, and fork. If
// the file cannot be written the reports go to stderr, which is said once; if stderr is closed as
// well, nowhere. No failure reaches the program: no SIGPIPE or SIGXFSZ, no errno, no endless wait.
// A descriptor 2 that was closed at start is never written to, since what the program opens there
// later is its own.
//
// Thread safety: none; the report lock guards it. Allocation: the path, once.
#pragma once

#include "base/types.h"

namespace hindsight {

/// Takes note of the working directory and of closed descriptors. Once, before the program runs.
void prepareOutput(const char* log_path);
/// From now on reports go there, as `log_path` says; null means stderr.
void setLogPath(const char* log_path);
/// From now on reports go to this descriptor.
void setOutputDescriptor(int fd);
/// The file that this process's next report goes to; false if it goes to a descriptor.
bool currentLogPath(char* path, size_t capacity);
void writeOutput(const char* data, size_t bytes);
/// Whether reports go to a terminal.
bool outputIsTerminal();
/// To stderr, whatever log_path says: for messages that are no reports.
void writeStderr(const char* data, size_t bytes);

}  // namespace hindsight
