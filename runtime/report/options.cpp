#include "report/options.h"

#include <fcntl.h>

#include "base/flags.h"
#include "base/text_writer.h"
#include "platform/syscalls.h"
#include "report/output.h"
#include "report/tsan_options.h"

// All may be defined by the program; null if they are not.
extern "C" {
__attribute__((weak, visibility("default"))) const char* __hindsight_default_options();
__attribute__((weak, visibility("default"))) const char* __tsan_default_options();
__attribute__((weak, visibility("default"))) const char* __tsan_default_suppressions();
}

namespace hindsight {
namespace {

constinit Suppressions g_suppressions;

constexpr int kBadOptionExitCode = 2;
constexpr int kStdout = 1;

[[noreturn]] void stop(TextWriter& message) {
  message.character('\n');
  writeStderr(message.data(), message.size());
  sysExitGroup(kBadOptionExitCode);
}

void parseOrStop(const char* text, const char* from) {
  TextWriter error;
  if (text == nullptr || parseFlagText(text, mutableFlags(), error)) return;
  TextWriter message;
  message.text("hindsight: ").text(from).text(": ").text(error.data());
  message.text(" (HINDSIGHT=help=1 lists the options)");
  stop(message);
}

[[noreturn]] void printHelp(Help help) {
  TextWriter out;
  if (help == Help::Markdown)
    writeFlagMarkdown(out);
  else
    writeFlagHelp(flags(), out);
  for (size_t done = 0; done < out.size();) {
    const sptr written = sysWrite(kStdout, out.data() + done, out.size() - done);
    if (written <= 0) break;
    done += static_cast<size_t>(written);
  }
  sysExitGroup(0);
}

/// Returns 0 or an errno.
int readFile(const char* path, TextWriter& out) {
  const sptr fd = sysOpen(path, O_RDONLY | O_CLOEXEC);
  if (syscallFailed(fd)) return static_cast<int>(-fd);
  char piece[4096];
  sptr bytes;
  while ((bytes = sysRead(static_cast<int>(fd), piece, sizeof(piece))) > 0)
    out.text(piece, static_cast<size_t>(bytes));
  sysClose(static_cast<int>(fd));
  return bytes < 0 ? static_cast<int>(-bytes) : 0;
}

void addSuppressions(const char* text, const char* file) {
  TextWriter error;
  if (g_suppressions.parse(text, file, error)) return;
  TextWriter message;
  message.text("hindsight: suppressions: ").text(error.data());
  stop(message);
}

void loadSuppressions(const char* path) {
  if (__tsan_default_suppressions != nullptr)
    if (const char* text = __tsan_default_suppressions())
      addSuppressions(text, "__tsan_default_suppressions()");
  if (path[0] == 0) return;
  TextWriter text;
  if (const int error = readFile(path, text)) {
    TextWriter message;
    message.text("hindsight: HINDSIGHT: option 'suppressions': cannot read '").text(path);
    message.text("' (errno ").decimal(static_cast<u64>(error)).character(')');
    stop(message);
  }
  addSuppressions(text.data(), path);
}

/// What was read in ThreadSanitizer's spelling and does nothing here.
void tellWithoutMeaning(const TextWriter& options) {
  TextWriter out;
  const char* line = options.data();
  for (size_t i = 0; i < options.size(); ++i) {
    if (options.data()[i] != '\n') continue;
    const char* const end = options.data() + i;
    out.text("hindsight: __tsan_default_options(): '").text(line, static_cast<size_t>(end - line));
    out.text("' has no meaning here\n");
    line = end + 1;
  }
  if (out.size() > 0) writeStderr(out.data(), out.size());
}

}  // namespace

Suppressions& suppressions() { return g_suppressions; }

void parseFlags(const char* environment) {
  TextWriter passed_over;
  if (__tsan_default_options != nullptr)
    if (const char* text = __tsan_default_options())
      parseTsanOptions(text, mutableFlags(), passed_over);
  if (__hindsight_default_options != nullptr)
    parseOrStop(__hindsight_default_options(), "__hindsight_default_options()");
  parseOrStop(environment, "HINDSIGHT");
  if (flags().help != Help::No) printHelp(flags().help);
  prepareOutput(flags().log_path);
  loadSuppressions(flags().suppressions);
  if (flags().verbosity > 0) tellWithoutMeaning(passed_over);
}

}  // namespace hindsight
