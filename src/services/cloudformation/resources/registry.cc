#include "services/cloudformation/resources/registry.h"

namespace millstream::cloudformation {

TypeRegistry::TypeRegistry() {
  types_.push_back(kinesis_stream());
  types_.push_back(dynamodb_table());
  types_.push_back(iam_role());
  types_.push_back(iam_policy());
  types_.push_back(lambda_function());
  types_.push_back(lambda_event_source_mapping());
  types_.push_back(logs_log_group());
}

const ResourceType* TypeRegistry::find(std::string_view name) const {
  for (const auto& type : types_) {
    if (type->description().name == name) return type.get();
  }
  return nullptr;
}

}  // namespace millstream::cloudformation
