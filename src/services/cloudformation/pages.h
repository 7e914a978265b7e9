#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "services/cloudformation/requests.h"

namespace millstream::cloudformation {

// One page of a list: the token names the last item of the page before.
template <class Item>
struct Page {
  std::vector<Item> items;
  std::optional<std::string> next_token;
};

// Cuts a page out of `items`; `name_of` gives an item's token. Fails when the token names no item.
template <class Item, class NameOf>
aws::Result<Page<Item>> take_page(std::vector<Item> items, const std::optional<std::string>& token,
                                  size_t size, NameOf name_of) {
  size_t start = 0;
  while (token && start < items.size() && name_of(items[start]) != *token) ++start;
  if (token && start == items.size()) return validation("NextToken " + *token + " isn't valid");
  if (token) ++start;
  Page<Item> page;
  for (size_t i = start; i < items.size() && page.items.size() < size; ++i) {
    page.items.push_back(std::move(items[i]));
  }
  if (start + size < items.size()) page.next_token = name_of(page.items.back());
  return page;
}

}  // namespace millstream::cloudformation
