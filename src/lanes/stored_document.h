#pragma once

#include <optional>
#include <string_view>
#include <type_traits>

#include "base/result.h"
#include "lanes/transaction.h"

namespace millstream::lanes {

// The document under a key as the lane sees it now, read by `parse` (a Result of the text); nothing
// if there is none. Fails as Transaction::get and `parse` do.
template <class Parse>
auto get_document(Transaction& transaction, std::string_view key, const Parse& parse)
    -> Result<std::optional<typename std::invoke_result_t<Parse, std::string_view>::value_type>> {
  using Document = typename std::invoke_result_t<Parse, std::string_view>::value_type;
  auto stored = transaction.get(key);
  if (!stored) return stored.take_error();
  if (!*stored) return std::optional<Document>();
  auto document = parse(std::string_view(**stored));
  if (!document) return document.take_error();
  return std::optional<Document>(document.take());
}

}  // namespace millstream::lanes
