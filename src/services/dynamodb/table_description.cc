#include "services/dynamodb/table_description.h"

#include "services/dynamodb/keys.h"
#include "services/dynamodb/service.h"

namespace millstream::dynamodb {
namespace {

void add_key(const KeyAttribute& attribute, const char* kind, api::TableDescription* description) {
  api::KeySchemaElement element;
  element.attribute_name = attribute.name;
  element.key_type = kind;
  description->key_schema->push_back(std::move(element));
  api::AttributeDefinition definition;
  definition.attribute_name = attribute.name;
  definition.attribute_type = type_name(attribute.type);
  description->attribute_definitions->push_back(std::move(definition));
}

}  // namespace

api::TableDescription describe(const Table& table, const std::string& status,
                               const Counts& counts) {
  api::TableDescription description;
  description.table_name = table.address.name;
  description.table_status = status;
  description.table_arn = table.arn();
  description.table_id = table.uuid;
  description.creation_date_time = aws::Timestamp{table.created_ms};
  description.item_count = counts.items;
  description.table_size_bytes = counts.bytes;
  description.deletion_protection_enabled = table.deletion_protection;
  description.key_schema.emplace();
  description.attribute_definitions.emplace();
  add_key(table.key.partition, "HASH", &description);
  if (table.key.sort) add_key(*table.key.sort, "RANGE", &description);
  description.provisioned_throughput.emplace();
  description.provisioned_throughput->number_of_decreases_today = 0;
  description.provisioned_throughput->read_capacity_units = table.read_units;
  description.provisioned_throughput->write_capacity_units = table.write_units;
  if (table.on_demand) {
    description.billing_mode_summary.emplace();
    description.billing_mode_summary->billing_mode = "PAY_PER_REQUEST";
    description.billing_mode_summary->last_update_to_pay_per_request_date_time =
        aws::Timestamp{table.created_ms};
  }
  if (!table.table_class.empty()) {
    description.table_class_summary.emplace();
    description.table_class_summary->table_class = table.table_class;
  }
  return description;
}

io::Task<aws::Result<Counts>> table_counts(Service& service, const aws::RequestContext& context,
                                           uint64_t table_id) {
  const std::string prefix = count_prefix(table_id);
  constexpr size_t kBytesMax = 1u << 20;
  auto page = co_await service.lanes().scan(context.home, prefix, lanes::prefix_end(prefix),
                                            service.lanes().lane_count(), kBytesMax);
  if (!page) co_return aws::Error(page.take_error());
  Counts total;
  for (const auto& [key, stored] : page->entries) {
    Result<Counts> counts = decode_counts(stored);
    if (!counts) co_return aws::Error(counts.take_error());
    total.items += counts->items;
    total.bytes += counts->bytes;
  }
  co_return total;
}

}  // namespace millstream::dynamodb
