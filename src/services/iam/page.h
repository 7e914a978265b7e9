#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "aws/error.h"
#include "base/base64.h"
#include "services/iam/limits.h"

namespace millstream::iam {

// The name behind which a page starts: "" without a marker. Fails with ValidationError.
aws::Result<std::string> read_marker(const std::optional<std::string>& marker);

// Takes `items` down to one page. Returns the marker of the next one, if there is one: the last
// item's name (`name_of`) in base64.
template <class Item, class NameOf>
std::optional<std::string> cut_page(std::vector<Item>* items, std::optional<int32_t> max_items,
                                    NameOf name_of) {
  const auto size = static_cast<size_t>(max_items.value_or(kPageSizeDefault));
  if (items->size() <= size) return std::nullopt;
  items->erase(items->begin() + static_cast<std::ptrdiff_t>(size), items->end());
  return base64_encode(name_of(items->back()));
}

// Sets what every listing's output has.
template <class Output>
void set_marker(std::optional<std::string> marker, Output* output) {
  output->is_truncated = marker.has_value();
  output->marker = std::move(marker);
}

}  // namespace millstream::iam
