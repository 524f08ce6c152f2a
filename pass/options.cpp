#include "options.h"

#include <sstream>

namespace hindsight {
namespace {

struct Switch {
  const char* word;
  bool Options::*rule;
};

constexpr Switch kSwitches[] = {
    {"no-elide", &Options::elide},
    {"no-later", &Options::later},
    {"no-merge", &Options::merge},
    {"no-parts", &Options::parts},
    {"no-ranges", &Options::ranges},
    {"no-nests", &Options::nests},
    {"no-after-loops", &Options::after_loops},
    {"no-split", &Options::split},
    {"no-escape", &Options::escape},
    {"no-constants", &Options::constants},
    {"no-summaries", &Options::summaries},
    {"no-library", &Options::library},
    {"no-keep", &Options::keep},
    {"no-small", &Options::small},
    {"no-inline", &Options::in_line},
    {"no-leaf", &Options::leaf},
    {"no-speculated", &Options::speculated},
    {"no-choices", &Options::choices},
    {"no-conditions", &Options::conditions},
    {"no-selects", &Options::selects},
    {"no-masked", &Options::masked},
    {"no-lanes", &Options::lanes},
    {"no-assembly", &Options::assembly},
    {"no-shared-ptr", &Options::shared_ptr},
};

}  // namespace

Options parseOptions(const char* text, std::string& error) {
  Options options;
  if (text == nullptr) return options;
  std::istringstream words(text);
  for (std::string word; std::getline(words, word, ',');) {
    bool is_known = word.empty();
    for (const Switch& known : kSwitches) {
      if (word != known.word) continue;
      options.*known.rule = false;
      is_known = true;
    }
    if (!is_known && error.empty()) error = word;
  }
  return options;
}

std::string optionWords() {
  std::string words;
  for (const Switch& known : kSwitches)
    words += (words.empty() ? "" : ", ") + std::string(known.word);
  return words;
}

}  // namespace hindsight
