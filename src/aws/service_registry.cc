#include "aws/service_registry.h"

#include <algorithm>

namespace millstream::aws {

namespace {

template <class Predicate>
const ServiceTable* find_table(const std::vector<ServiceTable>& tables, Predicate predicate) {
  const auto found = std::find_if(tables.begin(), tables.end(), [&](const ServiceTable& table) {
    return predicate(*table.model);
  });
  return found == tables.end() ? nullptr : &*found;
}

}  // namespace

const ServiceTable* ServiceRegistry::find(std::string_view name) const {
  return find_table(tables_, [&](const ServiceModel& model) { return model.name == name; });
}

const ServiceTable* ServiceRegistry::find_target(std::string_view target_prefix) const {
  return find_table(tables_, [&](const ServiceModel& model) {
    return model.protocol == Protocol::kJson && model.target_prefix == target_prefix;
  });
}

const ServiceTable* ServiceRegistry::find_signing_name(std::string_view signing_name,
                                                       Protocol protocol) const {
  return find_table(tables_, [&](const ServiceModel& model) {
    return model.protocol == protocol && model.signing_name == signing_name;
  });
}

const ServiceTable* ServiceRegistry::find_query_version(std::string_view api_version) const {
  return find_table(tables_, [&](const ServiceModel& model) {
    return model.protocol == Protocol::kQuery && model.api_version == api_version;
  });
}

const OperationRow* find_operation(const ServiceModel& model, std::string_view operation) {
  const auto row = std::lower_bound(
      model.operations.begin(), model.operations.end(), operation,
      [](const OperationRow& left, std::string_view right) { return left.name < right; });
  return row != model.operations.end() && row->name == operation ? &*row : nullptr;
}

}  // namespace millstream::aws
