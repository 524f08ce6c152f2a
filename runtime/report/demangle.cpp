#include "report/demangle.h"

#include "base/text.h"
#include "report/libbacktrace_api.h"

namespace hindsight {
namespace {

// Of libiberty's demangle.h.
constexpr int kParameters = 1 << 0;
constexpr int kQualifiers = 1 << 1;
constexpr int kDropReturnType = 1 << 6;

// Libiberty's demangler keeps about 64 bytes of stack per character of the symbol.
constexpr size_t kLongestSymbol = 2048;

/// Writes a text of the demangler's and frees it. False if there is none.
bool writeOwned(char* text, TextWriter& out) {
  if (text == nullptr) return false;
  out.text(text);
  __hindsight_internal_free(text);
  return true;
}

enum class ReturnType : bool { Drop, Keep };

bool writeByLlvm(const char* symbol, ReturnType return_type, TextWriter& out) {
  HindsightDemangler demangler;
  __hindsight_demangler_construct(&demangler);
  bool written = false;
  if (!__hindsight_demangler_fails(&demangler, symbol)) {
    if (return_type == ReturnType::Drop && __hindsight_demangler_is_function(&demangler))
      written = writeOwned(__hindsight_demangler_name(&demangler, nullptr, nullptr), out) &&
                writeOwned(__hindsight_demangler_parameters(&demangler, nullptr, nullptr), out);
    else
      written = writeOwned(__hindsight_demangler_whole(&demangler, nullptr, nullptr), out);
  }
  __hindsight_demangler_destroy(&demangler);
  return written;
}

bool isNameBegin(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

/// A variable of a C function's own, `main.counter`, as against a suffix.
bool isLocalName(const char* behind_dot) {
  return isNameBegin(*behind_dot) && !textStartsWith(behind_dot, "llvm.");
}

/// Copies the symbol without the compiler's and the linker's suffix; returns its length, at most
/// kLongestSymbol.
size_t copyWithoutSuffix(const char* symbol, char (&plain)[kLongestSymbol + 1]) {
  size_t length = 0;
  while (symbol[length] != 0 && symbol[length] != '.' && symbol[length] != '@' &&
         length < kLongestSymbol) {
    plain[length] = symbol[length];
    ++length;
  }
  plain[length] = 0;
  return length;
}

}  // namespace

void writeDemangled(const char* symbol, bool is_function, TextWriter& out) {
  if (textStartsWith(symbol, ".omp_outlined.")) return static_cast<void>(out.text("OpenMP region"));
  if (textStartsWith(symbol, ".omp_task_entry.")) return static_cast<void>(out.text("OpenMP task"));
  // Without the suffix, or the demangler adds " [clone .cold]" for each.
  char plain[kLongestSymbol + 1];
  size_t length = copyWithoutSuffix(symbol, plain);
  const bool is_mangled = textStartsWith(plain, "_Z");
  if (is_mangled && length < kLongestSymbol) {
    const size_t before = out.size();
    const auto piece = [](const char* text, size_t size, void* writer) {
      static_cast<TextWriter*>(writer)->text(text, size);
    };
    if (__hindsight_cplus_demangle_v3_callback(plain, kParameters | kQualifiers | kDropReturnType,
                                               piece, &out) != 0)
      return;
    out.truncate(before);
    if (writeByLlvm(plain, ReturnType::Drop, out)) return;
    out.truncate(before);
  }
  const bool has_suffix = symbol[length] == '.' || symbol[length] == '@';
  if (!is_function && !is_mangled && length > 0 && symbol[length] == '.' &&
      isLocalName(symbol + length + 1)) {
    ++length;
    while (symbol[length] != 0 && symbol[length] != '.') ++length;
    return static_cast<void>(out.text(symbol, length));
  }
  out.text(length > 0 && has_suffix ? plain : symbol);
  if (is_function && !is_mangled) out.text("()");
}

void writeLikeTsan(const char* symbol, TextWriter& out) {
  char plain[kLongestSymbol + 1];
  const size_t length = copyWithoutSuffix(symbol, plain);
  const size_t before = out.size();
  if (textStartsWith(plain, "_Z") && length < kLongestSymbol) {
    if (writeByLlvm(plain, ReturnType::Keep, out)) return;
    out.truncate(before);
  }
  if (length > 0 && length < kLongestSymbol)
    out.text(plain, length);
  else
    out.text(symbol);
}

}  // namespace hindsight
