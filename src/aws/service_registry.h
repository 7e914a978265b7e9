#pragma once

#include <string_view>
#include <vector>

#include "aws/service_table.h"

namespace millstream::aws {

// The services of this server. Filled at start by the composition root, then only read, from any
// thread.
class ServiceRegistry {
 public:
  void add(ServiceTable table) { tables_.push_back(table); }

  // nullptr when there is none of that name, target ("Kinesis_20131202") or signing name.
  [[nodiscard]] const ServiceTable* find(std::string_view name) const;
  [[nodiscard]] const ServiceTable* find_target(std::string_view target_prefix) const;
  [[nodiscard]] const ServiceTable* find_signing_name(std::string_view signing_name,
                                                      Protocol protocol) const;
  // The Query service of that API version ("2010-05-15").
  [[nodiscard]] const ServiceTable* find_query_version(std::string_view api_version) const;
  [[nodiscard]] const std::vector<ServiceTable>& tables() const { return tables_; }

 private:
  std::vector<ServiceTable> tables_;
};

// The row of that name; nullptr if the model has none.
const OperationRow* find_operation(const ServiceModel& model, std::string_view operation);

}  // namespace millstream::aws
