#include "services/logs/filter_pattern.h"

#include <algorithm>
#include <cctype>

#include "services/logs/api.gen.h"

namespace millstream::logs {
namespace {

constexpr std::string_view kSpaces = " \t\r\n";

std::string_view trim(std::string_view text) {
  const size_t first = text.find_first_not_of(kSpaces);
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(kSpaces) - first + 1);
}

bool is_bare_term(std::string_view term) {
  return !term.empty() && std::all_of(term.begin(), term.end(), [](unsigned char c) {
    return std::isalnum(c) || c == '_' || c >= 0x80;
  });
}

aws::Error invalid_term(std::string_view term) {
  return errors::invalid_parameter_exception(
      "Invalid filter pattern: Invalid character(s) in term '" + std::string(term) + "'");
}

// Takes a quoted phrase off the front of `rest`, which begins with the quote; \" and \\ stand for
// themselves. False when the quote isn't closed.
bool take_quoted(std::string_view* rest, std::string* phrase) {
  for (size_t i = 1; i < rest->size(); ++i) {
    const char c = (*rest)[i];
    if (c == '"') {
      rest->remove_prefix(i + 1);
      return true;
    }
    const bool escape =
        c == '\\' && i + 1 < rest->size() && ((*rest)[i + 1] == '"' || (*rest)[i + 1] == '\\');
    phrase->push_back(escape ? (*rest)[++i] : c);
  }
  return false;
}

bool contains(std::string_view message, const std::string& term) {
  return message.find(term) != message.npos;
}

}  // namespace

aws::Result<FilterPattern> FilterPattern::parse(std::string_view text) {
  FilterPattern pattern;
  text = trim(text);
  if (text.starts_with('{')) {
    auto json = JsonPattern::parse(text);
    if (!json) return json.take_error();
    pattern.json_ = std::make_shared<const JsonPattern>(json.take());
    return pattern;
  }
  if (text.starts_with('[')) {
    return aws::unsupported_parameter("filterPattern", "space-delimited patterns aren't built");
  }
  if (text.starts_with('%')) {
    return aws::unsupported_parameter("filterPattern", "regular expressions aren't built");
  }
  while (!text.empty()) {
    aws::Result<> added = pattern.add_term(&text);
    if (!added) return added.take_error();
    text = trim(text);
  }
  return pattern;
}

aws::Result<> FilterPattern::add_term(std::string_view* rest) {
  std::vector<std::string>* terms = &wanted_;
  const std::string_view whole = rest->substr(0, rest->find_first_of(kSpaces));
  if (rest->front() == '-') terms = &unwanted_;
  if (rest->front() == '?') terms = &any_of_;
  if (terms != &wanted_) rest->remove_prefix(1);

  std::string term;
  if (rest->starts_with('"')) {
    if (!take_quoted(rest, &term)) {
      return errors::invalid_parameter_exception("Invalid filter pattern");
    }
    if (!rest->empty() && kSpaces.find(rest->front()) == kSpaces.npos) return invalid_term(whole);
    if (term.empty()) return invalid_term(whole);
  } else {
    term = std::string(rest->substr(0, rest->find_first_of(kSpaces)));
    if (!is_bare_term(term)) return invalid_term(whole);
    rest->remove_prefix(term.size());
  }
  terms->push_back(std::move(term));
  return {};
}

bool FilterPattern::matches(std::string_view message) const {
  if (json_) return json_->matches(message);
  const auto occurs = [&](const std::string& term) { return contains(message, term); };
  if (std::any_of(unwanted_.begin(), unwanted_.end(), occurs)) return false;
  if (!std::all_of(wanted_.begin(), wanted_.end(), occurs)) return false;
  const bool only_optional = wanted_.empty() && unwanted_.empty();
  return !only_optional || any_of_.empty() || std::any_of(any_of_.begin(), any_of_.end(), occurs);
}

}  // namespace millstream::logs
