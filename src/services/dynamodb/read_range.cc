#include <algorithm>

#include "services/dynamodb/keys.h"
#include "services/dynamodb/model/item_codec.h"
#include "services/dynamodb/read_request.h"

namespace millstream::dynamodb {
namespace {

constexpr const char* kInvalidStart = "The provided starting key is invalid";

std::string key_bytes(const Value& value) {
  std::string bytes;
  append_key_bytes(value, &bytes);
  return bytes;
}

// Whether `key` is just the table's key attributes, with their types.
bool matches_schema(const Table& table, const Item& key) {
  const auto fits = [&](const KeyAttribute& attribute) {
    const auto found = key.find(attribute.name);
    return found != key.end() && found->second.type() == attribute.type;
  };
  return key.size() == (table.key.sort ? 2u : 1u) && fits(table.key.partition) &&
         (!table.key.sort || fits(*table.key.sort));
}

std::string start_position(const Table& table, const Item& start) {
  const Value* sort = table.key.sort ? &start.at(table.key.sort->name) : nullptr;
  return item_key(table.id, start.at(table.key.partition.name), sort);
}

void begin_behind(const std::string& position, PageQuery* query) {
  if (query->reverse) {
    query->to = position;
  } else {
    query->from = position + '\0';
  }
}

PageQuery sort_key_range(const std::string& prefix, const SortKeyRange& sort) {
  PageQuery query{.from = prefix, .to = lanes::prefix_end(prefix)};
  if (sort.prefix) {
    query.from += key_bytes(*sort.low);
    query.to = lanes::prefix_end(query.from);
    return query;
  }
  // A byte of zero behind a key makes the next possible key.
  if (sort.low != nullptr) {
    query.from += key_bytes(*sort.low);
    if (!sort.low_included) query.from += '\0';
  }
  if (sort.high != nullptr) {
    query.to = prefix + key_bytes(*sort.high);
    if (sort.high_included) query.to += '\0';
  }
  return query;
}

// Keys are selected by the key condition; a filter is for the rest.
aws::Result<> check_filter(const Table& table, const ReadRules& rules, bool legacy) {
  if (!rules.filter) return {};
  std::vector<const DocumentPath*> paths;
  collect_paths(rules.filter->root(), &paths);
  for (const DocumentPath* path : paths) {
    if (!table.is_key(path->front().name)) continue;
    return aws::validation_error(
        std::string(legacy ? "QueryFilter" : "Filter Expression") +
        " can only contain non-primary key attributes: Primary key attribute: " +
        path->front().name);
  }
  return {};
}

aws::Result<> check_query_start(const Table& table, const KeyCondition& condition,
                                const Item& start, const std::string& position,
                                const PageQuery& range) {
  if (!(start.at(table.key.partition.name) == *condition.partition)) {
    return aws::validation_error(
        "The provided starting key is outside query boundaries based on provided conditions");
  }
  if (position >= range.from && position < range.to) return {};
  return aws::validation_error("The provided starting key does not match the range key predicate");
}

}  // namespace

aws::Result<PageQuery> read_range(const Table& table, const ReadRules& rules,
                                  const api::QueryInput& input) {
  Result<KeyCondition> condition = fit_key_condition(rules.key_terms, table.key);
  if (!condition) return item_error(condition.error());
  aws::Result<> filter = check_filter(table, rules, input.query_filter.has_value());
  if (!filter) return filter.take_error();
  PageQuery query =
      sort_key_range(partition_prefix(table.id, *condition->partition), condition->sort);
  query.reverse = !input.scan_index_forward.value_or(true);
  query.limit = input.limit;
  if (!input.exclusive_start_key) return query;
  const Item& start = *input.exclusive_start_key;
  if (!matches_schema(table, start)) return aws::validation_error(kInvalidStart);
  const std::string position = start_position(table, start);
  aws::Result<> within = check_query_start(table, *condition, start, position, query);
  if (!within) return within.take_error();
  begin_behind(position, &query);
  return query;
}

aws::Result<PageQuery> read_range(const Table& table, const ReadRules&,
                                  const api::ScanInput& input) {
  const std::string prefix = items_prefix(table.id);
  PageQuery query{.from = prefix, .to = lanes::prefix_end(prefix), .limit = input.limit};
  if (input.total_segments) {
    __extension__ using Wide = unsigned __int128;
    const auto total = static_cast<Wide>(*input.total_segments);
    const auto boundary = [&](int32_t segment) {
      const Wide hash = (static_cast<Wide>(segment) << 64) / total;
      return items_prefix(table.id, static_cast<uint64_t>(hash));
    };
    query.from = boundary(*input.segment);
    if (*input.segment + 1 < *input.total_segments) query.to = boundary(*input.segment + 1);
  }
  if (!input.exclusive_start_key) return query;
  const Item& start = *input.exclusive_start_key;
  if (!matches_schema(table, start)) {
    return aws::validation_error(std::string(kInvalidStart) +
                                 ": The provided key element does not match the schema");
  }
  const std::string position = start_position(table, start);
  if (position < query.from || position >= query.to) {
    return aws::validation_error(
        std::string(kInvalidStart) +
        ": Invalid ExclusiveStartKey. Please use ExclusiveStartKey with correct Segment. "
        "TotalSegments: " +
        std::to_string(input.total_segments.value_or(1)) +
        " Segment: " + std::to_string(input.segment.value_or(0)));
  }
  begin_behind(position, &query);
  return query;
}

}  // namespace millstream::dynamodb
