#pragma once

#include <string>
#include <vector>

#include "aws/error.h"
#include "services/iam/api.gen.h"

namespace millstream::iam {

struct Tag {
  std::string key;  // two tags of one resource differ in more than case
  std::string value;
};

// A tag in a stored document (base/document.h) is an array of its two texts.
template <class Fields>
void each_element(Fields& elements, typename Fields::template Of<Tag>& tag) {
  elements(tag.key);
  elements(tag.value);
}

// The tags of a new resource. Fails with InvalidInput on a key that comes twice.
aws::Result<std::vector<Tag>> read_tags(const std::vector<api::Tag>& given);
std::vector<api::Tag> write_tags(const std::vector<Tag>& tags);

// Adds tags or gives them new values; on failure (LimitExceeded) `tags` is in between.
aws::Result<> add_tags(const std::vector<Tag>& added, std::vector<Tag>* tags);
void remove_tags(const std::vector<std::string>& keys, std::vector<Tag>* tags);

}  // namespace millstream::iam
