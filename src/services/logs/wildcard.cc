#include "services/logs/wildcard.h"

namespace millstream::logs {

bool wildcard_matches(std::string_view pattern, std::string_view text) {
  size_t at_pattern = 0, at_text = 0;
  size_t star = pattern.npos, star_text = 0;  // the last * and where its run ends so far
  while (at_text < text.size()) {
    if (at_pattern < pattern.size() && pattern[at_pattern] == '*') {
      star = at_pattern++;
      star_text = at_text;
    } else if (at_pattern < pattern.size() && pattern[at_pattern] == text[at_text]) {
      ++at_pattern;
      ++at_text;
    } else if (star != pattern.npos) {
      at_pattern = star + 1;
      at_text = ++star_text;
    } else {
      return false;
    }
  }
  while (at_pattern < pattern.size() && pattern[at_pattern] == '*') ++at_pattern;
  return at_pattern == pattern.size();
}

}  // namespace millstream::logs
