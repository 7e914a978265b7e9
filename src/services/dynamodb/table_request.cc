#include "services/dynamodb/table_request.h"

#include <algorithm>

#include "services/dynamodb/limits.h"
#include "services/dynamodb/request.h"
#include "services/dynamodb/table_tags.h"

namespace millstream::dynamodb {
namespace {

constexpr const char* kInvalid = "One or more parameter values were invalid: ";

aws::Result<> refuse_unbuilt(const api::CreateTableInput& input) {
  const auto unbuilt = [](const char* parameter) {
    return aws::unsupported_parameter(parameter, "it isn't built yet");
  };
  if (input.local_secondary_indexes) {
    if (!input.local_secondary_indexes->empty()) return unbuilt("LocalSecondaryIndexes");
    return aws::validation_error(std::string(kInvalid) + "List of LocalSecondaryIndexes is empty");
  }
  if (input.global_secondary_indexes) {
    if (!input.global_secondary_indexes->empty()) return unbuilt("GlobalSecondaryIndexes");
    return aws::validation_error(std::string(kInvalid) + "List of GlobalSecondaryIndexes is empty");
  }
  if (input.stream_specification && input.stream_specification->stream_enabled) {
    return unbuilt("StreamSpecification");
  }
  if (input.sse_specification && input.sse_specification->enabled.value_or(false)) {
    return unbuilt("SSESpecification");
  }
  if (input.warm_throughput) return unbuilt("WarmThroughput");
  if (input.resource_policy) return unbuilt("ResourcePolicy");
  if (input.on_demand_throughput) return unbuilt("OnDemandThroughput");
  if (input.vector_indexes) return unbuilt("VectorIndexes");
  if (input.global_table_source_arn) return unbuilt("GlobalTableSourceArn");
  if (input.global_table_settings_replication_mode) {
    return unbuilt("GlobalTableSettingsReplicationMode");
  }
  return {};
}

aws::Result<> read_throughput(const api::CreateTableInput& input, Table* table) {
  table->on_demand = input.billing_mode == "PAY_PER_REQUEST";
  const auto& throughput = input.provisioned_throughput;
  if (table->on_demand) {
    if (!throughput) return {};
    return aws::validation_error(
        std::string(kInvalid) +
        "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is "
        "PAY_PER_REQUEST");
  }
  if (!throughput) {
    return aws::validation_error(
        std::string(kInvalid) +
        "ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is "
        "PROVISIONED");
  }
  const std::pair<const char*, int64_t> units[] = {
      {"ReadCapacityUnits", throughput->read_capacity_units},
      {"WriteCapacityUnits", throughput->write_capacity_units}};
  for (const auto& [name, value] : units) {
    if (value <= kProvisionedUnitsMax) continue;
    return aws::validation_error("Given value " + std::to_string(value) + " for " + name +
                                 " is out of bounds");
  }
  table->read_units = throughput->read_capacity_units;
  table->write_units = throughput->write_capacity_units;
  return {};
}

template <class Elements>
std::string names_text(const Elements& elements) {
  std::string text = "[";
  for (const auto& element : elements) {
    if (text.size() > 1) text += ", ";
    text += element.attribute_name;
  }
  return text + "]";
}

const api::AttributeDefinition* find_definition(
    const std::vector<api::AttributeDefinition>& definitions, const std::string& name) {
  const auto found = std::find_if(definitions.begin(), definitions.end(),
                                  [&](const auto& each) { return each.attribute_name == name; });
  return found == definitions.end() ? nullptr : &*found;
}

aws::Result<> check_key_schema(const std::vector<api::KeySchemaElement>& schema,
                               const std::vector<api::AttributeDefinition>& definitions) {
  if (schema.size() > definitions.size()) {
    return aws::validation_error("Invalid KeySchema: Some index key attribute have no definition");
  }
  for (const api::KeySchemaElement& element : schema) {
    if (find_definition(definitions, element.attribute_name) != nullptr) continue;
    return aws::validation_error(
        std::string(kInvalid) +
        "Some index key attributes are not defined in AttributeDefinitions. Keys: " +
        names_text(schema) + ", AttributeDefinitions: " + names_text(definitions));
  }
  if (schema.size() > 1 && schema[0].attribute_name == schema[1].attribute_name) {
    return aws::validation_error(
        "Both the Hash Key and the Range Key element in the KeySchema have the same name");
  }
  if (schema[0].key_type != "HASH") {
    return aws::validation_error(
        "Invalid KeySchema: The first KeySchemaElement is not a HASH key type");
  }
  if (schema.size() > 1 && schema[1].key_type != "RANGE") {
    return aws::validation_error(
        "Invalid KeySchema: The second KeySchemaElement is not a RANGE key type");
  }
  if (schema.size() == definitions.size()) return {};
  return aws::validation_error(
      std::string(kInvalid) +
      "Number of attributes in KeySchema does not exactly match number of attributes defined in "
      "AttributeDefinitions");
}

aws::Result<> read_key(const api::CreateTableInput& input, Table* table) {
  if (!input.key_schema || !input.attribute_definitions) {
    return aws::validation_error(std::string(kInvalid) +
                                 (input.key_schema ? "AttributeDefinitions" : "KeySchema") +
                                 " must be specified");
  }
  const auto& schema = *input.key_schema;
  if (schema.size() > 2) {
    return aws::validation_error(
        "1 validation error detected: Value at 'keySchema' failed to satisfy constraint: Member "
        "must "
        "have length less than or equal to 2");
  }
  aws::Result<> checked = check_key_schema(schema, *input.attribute_definitions);
  if (!checked) return checked;
  const auto attribute = [&](const api::KeySchemaElement& element) {
    const auto* definition = find_definition(*input.attribute_definitions, element.attribute_name);
    return KeyAttribute{element.attribute_name,
                        type_from_name(definition->attribute_type).value_or(ValueType::kS)};
  };
  table->key.partition = attribute(schema[0]);
  if (schema.size() > 1) table->key.sort = attribute(schema[1]);
  return {};
}

aws::Result<> read_tags(const api::CreateTableInput& input, Table* table) {
  if (!input.tags) return {};
  for (const api::Tag& tag : *input.tags) {
    if (!table->tags.emplace(tag.key, tag.value).second) {
      return aws::validation_error(std::string(kInvalid) + "Duplicate tag keys found");
    }
  }
  if (table->tags.size() <= kTagsMax) return {};
  return too_many_tags();
}

}  // namespace

aws::Result<Table> new_table(const aws::RequestContext& context,
                             const api::CreateTableInput& input) {
  aws::Result<> checked = check_table_name(input.table_name, kTableNameBytesMin);
  if (!checked) return checked.take_error();
  checked = refuse_unbuilt(input);
  if (!checked) return checked.take_error();
  Table table{.address = table_address(context, input.table_name),
              .deletion_protection = input.deletion_protection_enabled.value_or(false),
              .table_class = input.table_class.value_or("")};
  // A new table's name may be given as its ARN.
  checked = check_table_name(table.address.name, kTableNameBytesMin);
  if (!checked) return checked.take_error();
  if (table.address.name.starts_with("arn:")) {
    return aws::validation_error("Invalid table ARN: " + table.address.name);
  }
  checked = read_throughput(input, &table);
  if (!checked) return checked.take_error();
  checked = read_key(input, &table);
  if (!checked) return checked.take_error();
  checked = read_tags(input, &table);
  if (!checked) return checked.take_error();
  return table;
}

}  // namespace millstream::dynamodb
