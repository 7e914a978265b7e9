#include "services/dynamodb/write_answer.h"

#include "services/dynamodb/model/projection.h"

namespace millstream::dynamodb {

std::optional<Item> returned_attributes(const std::optional<std::string>& asked,
                                        const std::optional<Update>& update, ItemWritten written) {
  if (!asked || *asked == "NONE") return std::nullopt;
  const bool old = *asked == "ALL_OLD" || *asked == "UPDATED_OLD";
  std::optional<Item>& item = old ? written.old_item : written.new_item;
  if (!item || *asked == "ALL_OLD" || *asked == "ALL_NEW") return std::move(item);
  if (!update) return std::nullopt;
  Item changed = project(*item, update->paths());
  if (changed.empty()) return std::nullopt;
  return changed;
}

}  // namespace millstream::dynamodb
