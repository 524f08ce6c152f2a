#include "options.h"

#include <sstream>

namespace hindsight {

Options parseOptions(const char* text, std::string& error) {
  Options options;
  if (text == nullptr) return options;
  std::istringstream words(text);
  for (std::string word; std::getline(words, word, ',');) {
    if (word == "no-elide")
      options.elide = false;
    else if (word == "no-merge")
      options.merge = false;
    else if (word == "no-ranges")
      options.ranges = false;
    else if (word == "no-after-loops")
      options.after_loops = false;
    else if (word == "no-split")
      options.split = false;
    else if (word == "no-escape")
      options.escape = false;
    else if (word == "no-leaf")
      options.leaf = false;
    else if (!word.empty() && error.empty())
      error = word;
  }
  return options;
}

}  // namespace hindsight
