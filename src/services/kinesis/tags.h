#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "aws/error.h"
#include "services/kinesis/api.gen.h"
#include "services/kinesis/consumer.h"
#include "services/kinesis/quotas.h"
#include "services/kinesis/stream.h"

namespace millstream::kinesis {

using Tags = std::map<std::string, std::string>;

// Adds to `tags`, or sets anew. Fails with AWS's InvalidArgumentException on characters that tags
// can't have, on keys that begin with "aws:", and when there would be too many; `tags` is as it was
// then. `resource` is whose they are, in words ("stream s under account 000000000000").
aws::Result<> add_tags(const Quotas& quotas, std::string_view resource, const Tags& added,
                       Tags* tags);

// Takes those of these keys away; what isn't there is no mistake.
aws::Result<> remove_tags(std::string_view resource, const std::vector<std::string>& keys,
                          Tags* tags);

// As the list operations give them.
std::vector<api::Tag> tag_list(const Tags& tags);

std::string in_words(const Stream& stream);
std::string in_words(const Consumer& consumer);

}  // namespace millstream::kinesis
