#pragma once

#include <algorithm>
#include <bitset>
#include <string_view>

#include "aws/model/descriptor.h"
#include "aws/model/path.h"

namespace millstream::aws::model {

// The body's member of that name on the wire; nullptr if the structure has none.
inline const Member* find_body_member(const Type& type, std::string_view wire_name) {
  const auto index = std::lower_bound(
      type.by_name.begin(), type.by_name.end(), wire_name,
      [&](uint16_t left, std::string_view right) { return type.members[left].wire_name < right; });
  if (index == type.by_name.end() || type.members[*index].wire_name != wire_name) return nullptr;
  return &type.members[*index];
}

// Which members of a structure a reader has found.
class FoundMembers {
 public:
  explicit FoundMembers(const Type& type) : type_(type) {}

  void add(const Member& member) {
    found_.set(static_cast<size_t>(&member - type_.members.data()));
  }

  // Adds the required members that weren't found to `missing`: those of the body, or of every
  // location. `path` leads to the structure.
  void add_missing(bool every_location, const Path* path, MissingMembers* missing) const {
    for (size_t i = 0; i < type_.members.size(); ++i) {
      const Member& member = type_.members[i];
      if (member.required && !found_.test(i) &&
          (every_location || member.location == Location::kBody)) {
        missing->add(Path{path, Path::Step::kMember, member.name});
      }
    }
  }

 private:
  static constexpr size_t kMembersMax = 256;

  const Type& type_;
  std::bitset<kMembersMax> found_;
};

}  // namespace millstream::aws::model
