#include "services/iam/tags.h"

#include <algorithm>

#include "services/iam/limits.h"
#include "services/iam/names.h"

namespace millstream::iam {
namespace {

auto find_tag(std::vector<Tag>* tags, const std::string& key) {
  const std::string folded = fold_case(key);
  return std::find_if(tags->begin(), tags->end(),
                      [&folded](const Tag& tag) { return fold_case(tag.key) == folded; });
}

}  // namespace

aws::Result<std::vector<Tag>> read_tags(const std::vector<api::Tag>& given) {
  std::vector<Tag> tags;
  for (const api::Tag& tag : given) {
    if (find_tag(&tags, tag.key) != tags.end()) {
      return errors::invalid_input_exception(
          "Duplicate tag keys found. Please note that Tag keys are case insensitive.");
    }
    tags.push_back({tag.key, tag.value});
  }
  return tags;
}

std::vector<api::Tag> write_tags(const std::vector<Tag>& tags) {
  std::vector<api::Tag> result;
  for (const Tag& tag : tags) {
    api::Tag& entry = result.emplace_back();
    entry.key = tag.key;
    entry.value = tag.value;
  }
  return result;
}

aws::Result<> add_tags(const std::vector<Tag>& added, std::vector<Tag>* tags) {
  for (const Tag& tag : added) {
    const auto found = find_tag(tags, tag.key);
    if (found == tags->end()) {
      tags->push_back(tag);
    } else {
      *found = tag;
    }
  }
  if (tags->size() <= kTagsMax) return {};
  return errors::limit_exceeded_exception("The number of tags has reached the maximum limit.");
}

void remove_tags(const std::vector<std::string>& keys, std::vector<Tag>* tags) {
  for (const std::string& key : keys) {
    const auto found = find_tag(tags, key);
    if (found != tags->end()) tags->erase(found);
  }
}

}  // namespace millstream::iam
