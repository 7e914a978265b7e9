#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "aws/error.h"
#include "services/logs/json_pattern.h"

namespace millstream::logs {

// A filter pattern as FilterLogEvents takes it ("Filter pattern syntax" in the CloudWatch Logs user
// guide). Built: terms (all must occur), quoted phrases, -terms (must not occur), ?terms (one must
// occur; ignored beside other terms) and JSON patterns in braces. A term matches anywhere in a
// message, by case. Refused by name: %regular expressions% and [space-delimited] patterns.
// Immutable after it was made; thread-safe.
class FilterPattern {
 public:
  // Fails with InvalidParameterException as the service words it. An empty text matches everything.
  static aws::Result<FilterPattern> parse(std::string_view text);

  [[nodiscard]] bool matches(std::string_view message) const;

 private:
  aws::Result<> add_term(std::string_view* rest);

  std::vector<std::string> wanted_;
  std::vector<std::string> unwanted_;
  std::vector<std::string> any_of_;
  std::shared_ptr<const JsonPattern> json_;  // nullptr unless the pattern is in braces
};

}  // namespace millstream::logs
