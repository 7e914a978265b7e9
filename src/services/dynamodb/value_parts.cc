#include "services/dynamodb/value_parts.h"

#include <algorithm>
#include <optional>
#include <set>

#include "base/base64.h"

namespace millstream::dynamodb {
namespace {

constexpr const char* kInvalidParameter = "One or more parameter values were invalid: ";

Value defect(std::string message) {
  return Value::defect({.message = message, .batch_message = message});
}
Value bare_defect(std::string message) {
  return Value::defect({.message = message, .batch_message = message, .enveloped = false});
}

// The members as AWS lists those of a set with a repeat: in order up to the first repeat, then the
// repeat, then the rest as sent. Nothing when there is no repeat.
std::optional<std::vector<std::string>> repeated(const std::vector<std::string>& members) {
  std::set<std::string> seen;
  for (size_t i = 0; i < members.size(); ++i) {
    if (seen.insert(members[i]).second) continue;
    std::vector<std::string> listed(seen.begin(), seen.end());
    listed.insert(listed.end(), members.begin() + static_cast<ptrdiff_t>(i), members.end());
    return listed;
  }
  return std::nullopt;
}

std::string joined(const std::vector<std::string>& members, const char* quote,
                   const char* between) {
  std::string text = "[";
  for (const std::string& member : members) {
    if (text.size() > 1) text += between;
    text += quote + member + quote;
  }
  return text + "]";
}

std::vector<std::string> encoded(const std::vector<std::string>& members) {
  std::vector<std::string> texts;
  for (const std::string& member : members) texts.push_back(base64_encode(member));
  return texts;
}

Value number_defect(const Error& error, const std::string& text) {
  Defect found{.message = error.message, .batch_message = error.message};
  if (text.empty()) found.batch_message = "The parameter cannot be converted to a numeric value";
  return Value::defect(std::move(found));
}

}  // namespace

Value string_set_from(std::vector<std::string> members) {
  if (members.empty()) {
    return defect(std::string(kInvalidParameter) + "An string set  may not be empty");
  }
  const auto listed = repeated(members);
  if (!listed) return Value::string_set(std::move(members));
  return Value::defect(
      {.message = kInvalidParameter +
                  ("Input collection " + joined(*listed, "\"", ", ") + " contains duplicates."),
       .batch_message = kInvalidParameter + ("Input collection " + joined(members, "", ", ") +
                                             " contains duplicates.")});
}

Value binary_set_from(std::vector<std::string> members) {
  if (members.empty()) {
    return defect(std::string(kInvalidParameter) + "Binary sets should not be empty");
  }
  const auto listed = repeated(members);
  if (listed) {
    const std::string tail = "of type BS contains duplicates.";
    return Value::defect(
        {.message =
             kInvalidParameter + ("Input collection " + joined(encoded(*listed), "\"", ",") + tail),
         .batch_message = kInvalidParameter +
                          ("Input collection " + joined(encoded(members), "", ", ") + tail)});
  }
  BinarySet set;
  for (std::string& member : members) set.push_back({std::move(member)});
  return Value::binary_set(std::move(set));
}

Value number_from(std::string text) {
  Result<Number> number = Number::parse(text);
  if (!number) return number_defect(number.error(), text);
  return Value::number(*number);
}

Value number_set_from(std::vector<std::string> members) {
  if (members.empty()) {
    return defect(std::string(kInvalidParameter) + "An number set  may not be empty");
  }
  NumberSet numbers;
  for (const std::string& member : members) {
    Result<Number> number = Number::parse(member);
    if (!number) return number_defect(number.error(), member);
    numbers.push_back(*number);
  }
  std::sort(numbers.begin(), numbers.end());
  if (std::adjacent_find(numbers.begin(), numbers.end()) != numbers.end()) {
    return Value::defect(
        {.message = std::string(kInvalidParameter) + "Input collection contains duplicates.",
         .batch_message = "Input collection contains duplicates"});
  }
  return Value::number_set(std::move(numbers));
}

Value null_from(bool flag) {
  if (flag) return Value::null();
  return defect(std::string(kInvalidParameter) +
                "Null attribute value types must have the value of true");
}

Value too_deep() {
  return bare_defect(std::string(kNestingMessage));
}

std::optional<Value> wrong_count(int types) {
  if (types == 1) return std::nullopt;
  return bare_defect(types == 0 ? "Supplied AttributeValue is empty, must contain exactly one of "
                                  "the supported datatypes"
                                : "Supplied AttributeValue has more than one datatypes set, must "
                                  "contain exactly one of the supported datatypes");
}

}  // namespace millstream::dynamodb
