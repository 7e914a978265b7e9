#include "services/cloudformation/template/pattern.h"

#include <boost/regex.hpp>

#include "services/cloudformation/template/template.h"

namespace millstream::cloudformation {

// Boost's matcher works without recursion and gives up, with an exception, on a pattern whose
// backtracking explodes; the standard library's does neither.
Result<bool> matches_pattern(const std::string& pattern, std::string_view text) {
  try {
    const boost::regex expression(pattern, boost::regex::perl);
    return boost::regex_match(text.begin(), text.end(), expression);
  } catch (const std::exception&) {
    return template_error("AllowedPattern " + pattern + " can't be evaluated");
  }
}

}  // namespace millstream::cloudformation
