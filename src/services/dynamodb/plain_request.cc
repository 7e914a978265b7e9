#include "services/dynamodb/plain_request.h"

#include <simdjson.h>

#include "aws/json/plain_object.h"

namespace millstream::dynamodb {
namespace {

namespace ondemand = simdjson::ondemand;

class PlainRequestReader {
 public:
  // `item`: the member with the item. No other members than the table, it and, of a request that
  // `reads`, ConsistentRead, else ConditionExpression; each once.
  std::optional<PlainRequest> read(std::string_view body, std::string_view item, bool reads) {
    const auto member = [&](std::string_view name, ondemand::value value) {
      return (name == "TableName" && table(value)) || (name == item && this->item(value)) ||
             (reads && name == "ConsistentRead" && consistent(value)) ||
             (!reads && name == "ConditionExpression" && condition(value));
    };
    if (!aws::each_member_of_body(body, member)) return std::nullopt;
    if (!has_item_ || request_.table_name.empty()) return std::nullopt;
    return std::move(request_);
  }

 private:
  bool table(ondemand::value json) {
    std::string_view name;
    if (!request_.table_name.empty() || json.get_string().get(name)) return false;
    request_.table_name = std::string(name);
    return !name.empty();
  }
  bool item(ondemand::value json) {
    if (std::exchange(has_item_, true)) return false;
    std::optional<PlainItem> item = read_plain_item(json);
    if (item) request_.item = std::move(*item);
    return item.has_value();
  }
  bool consistent(ondemand::value json) {
    return !std::exchange(has_consistent_, true) && !json.get_bool().get(request_.consistent_read);
  }
  bool condition(ondemand::value json) {
    std::string_view text;
    if (request_.condition || json.get_string().get(text)) return false;
    request_.condition = std::string(text);
    return true;
  }

  PlainRequest request_;
  bool has_item_ = false;
  bool has_consistent_ = false;
};

}  // namespace

std::optional<PlainRequest> read_plain_get_item(std::string_view body) {
  return PlainRequestReader().read(body, "Key", true);
}

std::optional<PlainRequest> read_plain_put_item(std::string_view body) {
  return PlainRequestReader().read(body, "Item", false);
}

}  // namespace millstream::dynamodb
