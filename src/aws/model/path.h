#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace millstream::aws::model {

// Where in an input a reader or the validation stands: a chain through their stack frames, written
// out only for a message.
struct Path {
  enum class Step : unsigned char { kMember, kElement, kValue };

  const Path* parent = nullptr;
  Step step = Step::kMember;
  std::string_view name;  // of a member, or a map's key
  size_t index = 0;       // of an element, from 0

  // "records.1.member.data", as AWS writes it; `lower_camel` false: "Records.1.member.Data".
  [[nodiscard]] std::string text(bool lower_camel) const;
};

// The required members that a reader didn't find. Usually empty.
class MissingMembers {
 public:
  void add(const Path& path) { paths_.push_back(path.text(false)); }
  [[nodiscard]] bool empty() const { return paths_.empty(); }
  [[nodiscard]] bool contains(const Path& path) const;

 private:
  std::vector<std::string> paths_;
};

}  // namespace millstream::aws::model
