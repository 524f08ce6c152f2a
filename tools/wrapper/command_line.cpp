#include "wrapper/command_line.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>
#include <string_view>
#include <utility>

namespace hindsight::tools {

namespace {

template <size_t kCount>
bool isOneOf(std::string_view text, const std::array<std::string_view, kCount>& list) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

constexpr auto kOptionsWithValue = std::to_array<std::string_view>({"-o",
                                                                    "-x",
                                                                    "-I",
                                                                    "-D",
                                                                    "-U",
                                                                    "-L",
                                                                    "-l",
                                                                    "-F",
                                                                    "-T",
                                                                    "-u",
                                                                    "-z",
                                                                    "-e",
                                                                    "-b",
                                                                    "-B",
                                                                    "-A",
                                                                    "-G",
                                                                    "-arch",
                                                                    "-target",
                                                                    "-include",
                                                                    "-imacros",
                                                                    "-include-pch",
                                                                    "-isystem",
                                                                    "-idirafter",
                                                                    "-iquote",
                                                                    "-iprefix",
                                                                    "-iwithprefix",
                                                                    "-iwithprefixbefore",
                                                                    "-iwithsysroot",
                                                                    "-isysroot",
                                                                    "-imultilib",
                                                                    "-iframework",
                                                                    "-iframeworkwithsysroot",
                                                                    "-cxx-isystem",
                                                                    "-stdlib++-isystem",
                                                                    "-ivfsoverlay",
                                                                    "-MF",
                                                                    "-MT",
                                                                    "-MQ",
                                                                    "-MJ",
                                                                    "-Xclang",
                                                                    "-Xlinker",
                                                                    "-Xassembler",
                                                                    "-Xpreprocessor",
                                                                    "-Xanalyzer",
                                                                    "-Xopenmp-target",
                                                                    "-mllvm",
                                                                    "-mmlir",
                                                                    "-aux-info",
                                                                    "-dumpdir",
                                                                    "-framework",
                                                                    "-rpath",
                                                                    "-Tbss",
                                                                    "-Tdata",
                                                                    "-Ttext",
                                                                    "-serialize-diagnostics",
                                                                    "-working-directory",
                                                                    "--param",
                                                                    "--sysroot",
                                                                    "--output",
                                                                    "--language",
                                                                    "--define-macro",
                                                                    "--undefine-macro",
                                                                    "--include",
                                                                    "--imacros",
                                                                    "--include-directory",
                                                                    "--library-directory",
                                                                    "--prefix",
                                                                    "--config",
                                                                    "--serialize-diagnostics",
                                                                    "-wrapper",
                                                                    "-specs"});

// What ends before the linker; the first group does not even generate code.
constexpr auto kNoCode = std::to_array<std::string_view>(
    {"-E", "--preprocess", "-M", "--dependencies", "-MM", "--user-dependencies", "-fsyntax-only",
     "--analyze", "-emit-ast", "--precompile", "-verify-pch", "-rewrite-objc",
     "-module-file-info"});
constexpr auto kNoLink = std::to_array<std::string_view>(
    {"-c", "--compile", "-S", "--assemble", "-emit-interface-stubs"});

constexpr auto kHeaderSuffixes =
    std::to_array<std::string_view>({"h", "hh", "H", "hp", "hpp", "HPP", "hxx", "h++", "tcc"});

/// Turns every response file into its arguments, nested ones too.
void expand(const std::vector<std::string>& arguments, int depth, std::vector<std::string>& out) {
  constexpr int kDepthLimit = 32;  // a file that includes itself ends here
  for (const std::string& argument : arguments) {
    std::ifstream file;
    if (argument.size() > 1 && argument[0] == '@' && depth < kDepthLimit)
      file.open(argument.substr(1));
    if (!file.is_open()) {
      out.push_back(argument);
      continue;
    }
    std::ostringstream text;
    text << file.rdbuf();
    expand(splitResponseFile(text.str()), depth + 1, out);
  }
}

/// True if `argument` is one of the wrapper's own options, which it then records.
bool takeOwnOption(const std::string& argument, CommandLine& command) {
  constexpr std::string_view kClang = "--hindsight-clang=";
  if (argument.starts_with(kClang))
    command.clang = argument.substr(kClang.size());
  else if (argument == "--hindsight-shared-runtime")
    command.shared_runtime = true;
  else if (argument == "--hindsight-dry-run")
    command.dry_run = true;
  else
    return false;
  return true;
}

/// Reads the arguments once, left to right.
class Reader {
 public:
  explicit Reader(CommandLine& command) : command_(command) {}

  void read(const std::vector<std::string>& arguments) {
    bool only_inputs = false;  // after `--`
    for (size_t i = 0; i < arguments.size(); ++i) {
      const std::string& argument = arguments[i];
      if (only_inputs || argument.empty() || argument[0] != '-' || argument == "-") {
        readInput(argument);
      } else if (argument == "--") {
        only_inputs = true;
      } else if (isOneOf(argument, kOptionsWithValue) || argument.starts_with("-Xarch_")) {
        const std::string value = i + 1 < arguments.size() ? arguments[++i] : std::string();
        readOptionWithValue(argument, value);
      } else {
        readOption(argument);
      }
    }
    readLinkerWords();
    if (command_.has_input && only_headers_) {
      command_.stops_before_link = true;
      command_.generates_code = false;
    }
  }

 private:
  void readInput(const std::string& name) {
    command_.has_input = true;
    std::string_view suffix = name;
    suffix.remove_prefix(std::min(suffix.size(), suffix.rfind('.') + 1));
    const bool is_header =
        language_.empty() ? name.find('.') != std::string::npos && isOneOf(suffix, kHeaderSuffixes)
                          : language_.ends_with("-header");
    only_headers_ = only_headers_ && is_header;
  }

  void readOptionWithValue(const std::string& option, const std::string& value) {
    if (option == "-x" || option == "--language") setLanguage(value);
    if (option == "-target") command_.target = value;
    if (option == "-Xlinker") addLinkerWord(value);
    if (option == "-l") linkerInput();
    if (option == "-z") {
      addLinkerWord("-z");
      addLinkerWord(value);
    }
  }

  void readOption(const std::string& option) {
    if (isOneOf(option, kNoCode)) command_.generates_code = false;
    if (isOneOf(option, kNoCode) || isOneOf(option, kNoLink)) command_.stops_before_link = true;
    if (option == "-cc1" || option == "-cc1as") command_.raw = true;
    if (option == "-shared" || option == "--shared") command_.makes_library = true;
    if (option == "-r") command_.makes_relocatable = true;
    if (option == "-static" || option == "--static" || option == "-static-pie")
      command_.static_flag = option;
    if (option == "-pie" || option == "--pie") command_.no_pie_flag.clear();
    if (option == "-no-pie" || option == "-nopie" || option == "--no-pie")
      command_.no_pie_flag = option;
    if (option == "-m32" || option == "-mx32" || option == "-m16")
      command_.foreign_width_flag = option;
    if (option == "-m64") command_.foreign_width_flag.clear();
    readPositionIndependence(option);
    readJoined(option);
  }

  void readPositionIndependence(const std::string& option) {
    for (const std::string_view kind : {"pic", "PIC", "pie", "PIE"}) {
      if (option == "-f" + std::string(kind)) command_.no_pic_flag.clear();
      if (option == "-fno-" + std::string(kind)) command_.no_pic_flag = option;
    }
  }

  void readJoined(const std::string& option) {
    if (option.starts_with("-x")) setLanguage(option.substr(2));
    if (option.starts_with("--language=")) setLanguage(option.substr(11));
    if (option.starts_with("--target=")) command_.target = option.substr(9);
    if (option.starts_with("-l")) linkerInput();
    if (option.starts_with("-Wl,")) {
      std::istringstream words(option.substr(4));
      for (std::string word; std::getline(words, word, ',');) addLinkerWord(word);
    }
    if (option.starts_with("-fsanitize=")) setSanitizers(option.substr(11), true);
    if (option.starts_with("-fno-sanitize=")) setSanitizers(option.substr(14), false);
  }

  void setLanguage(const std::string& language) { language_ = language == "none" ? "" : language; }

  void setSanitizers(const std::string& list, bool on) {
    std::istringstream names(list);
    for (std::string name; std::getline(names, name, ',');) {
      if (on)
        command_.sanitizers.insert(name);
      else if (name == "all")
        command_.sanitizers.clear();
      else
        command_.sanitizers.erase(name);
    }
  }

  void addLinkerWord(const std::string& word) {
    linkerInput();
    linker_words_.push_back(word);
  }

  void linkerInput() {  // -l, -Wl and -Xlinker make Clang link even without an object
    command_.has_input = true;
    only_headers_ = false;
  }

  void readLinkerWords() {
    for (size_t i = 0; i < linker_words_.size(); ++i) {
      const std::string& word = linker_words_[i];
      const bool is_defs = word == "-zdefs" || (word == "-z" && i + 1 < linker_words_.size() &&
                                                linker_words_[i + 1] == "defs");
      if (is_defs || word == "--no-undefined" || word == "-no-undefined")
        command_.forbids_undefined = true;
      if (hidesSymbols(word, i + 1 < linker_words_.size() ? linker_words_[i + 1] : ""))
        command_.hides_symbols = true;
      if (word == "-shared" || word == "--shared" || word == "-Bshareable")
        command_.makes_library = true;
      if (word == "-r" || word == "--relocatable" || word == "-i")
        command_.makes_relocatable = true;
      if (word == "-no-pie" || word == "--no-pie" || word == "-no-pic-executable")
        command_.no_pie_flag = "-Wl," + word;
    }
  }

  /// Whether what an archive defines may not be exported; `next` is the option's value, if
  /// separate.
  static bool hidesSymbols(std::string_view word, std::string_view next) {
    const auto dashes = std::min(word.find_first_not_of('-'), word.size());
    if (dashes == 0) return false;
    word.remove_prefix(dashes);
    if (word.starts_with("version-script")) return true;
    return word == "exclude-libs=ALL" || (word == "exclude-libs" && next == "ALL");
  }

  CommandLine& command_;
  std::string language_;
  std::vector<std::string> linker_words_;
  bool only_headers_ = true;
};

}  // namespace

std::vector<std::string> splitResponseFile(const std::string& text) {
  std::vector<std::string> arguments;
  std::optional<std::string> current;
  char quote = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const char letter = text[i];
    const bool is_blank = letter == ' ' || letter == '\t' || letter == '\n' || letter == '\r';
    if (quote == 0 && is_blank) {
      if (current) arguments.push_back(std::move(*current));
      current.reset();
      continue;
    }
    if (!current) current.emplace();
    if (letter == '\\' && i + 1 < text.size())
      *current += text[++i];
    else if (quote == 0 && (letter == '\'' || letter == '"'))
      quote = letter;
    else if (letter == quote)
      quote = 0;
    else
      *current += letter;
  }
  if (current) arguments.push_back(*current);
  return arguments;
}

CommandLine parseCommandLine(const std::vector<std::string>& arguments) {
  CommandLine command;
  command.sanitizers = {"thread"};
  for (const std::string& argument : arguments)
    if (!takeOwnOption(argument, command)) command.arguments.push_back(argument);
  std::vector<std::string> expanded;
  expand(command.arguments, 0, expanded);
  // What follows a `--` is no option any more: to put ours in front of it, it must be seen.
  const auto dashes = [](const std::vector<std::string>& list) {
    return std::count(list.begin(), list.end(), "--");
  };
  if (dashes(expanded) != dashes(command.arguments)) command.arguments = expanded;
  Reader(command).read(expanded);
  return command;
}

}  // namespace hindsight::tools
