#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "aws/error.h"
#include "aws/form.h"

namespace millstream::aws {

// The dotted names of a Query request as a tree: "Tags.member.1.Key=a" is Tags > member > 1 > Key.
// A value; not synchronised.
class ParameterTree {
 public:
  // Names may have up to kDepthMax steps: more is a MalformedQueryString.
  static constexpr size_t kDepthMax = 64;
  static Result<ParameterTree> build(const FormFields& fields);

  // What stands below that name; nullptr if nothing does.
  [[nodiscard]] const ParameterTree* find(std::string_view name) const;
  // nullptr if the name stands for something but has no value of its own.
  [[nodiscard]] const std::string* value() const { return value_ ? &*value_ : nullptr; }
  // The children whose names are numbers, in numeric order: a list's elements.
  [[nodiscard]] std::map<uint32_t, const ParameterTree*> numbered() const;

 private:
  std::optional<std::string> value_;
  std::map<std::string, std::unique_ptr<ParameterTree>, std::less<>> children_;
};

}  // namespace millstream::aws
