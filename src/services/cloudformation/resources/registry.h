#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "services/cloudformation/resources/type.h"

namespace millstream::cloudformation {

// The resource types that a stack may have. Filled in its constructor, then only read, from any
// thread.
class TypeRegistry {
 public:
  TypeRegistry();

  // nullptr for a type that isn't known.
  [[nodiscard]] const ResourceType* find(std::string_view name) const;

 private:
  std::vector<std::unique_ptr<ResourceType>> types_;
};

std::unique_ptr<ResourceType> kinesis_stream();
std::unique_ptr<ResourceType> dynamodb_table();
std::unique_ptr<ResourceType> iam_role();
std::unique_ptr<ResourceType> iam_policy();
std::unique_ptr<ResourceType> lambda_function();
std::unique_ptr<ResourceType> lambda_event_source_mapping();
std::unique_ptr<ResourceType> logs_log_group();

}  // namespace millstream::cloudformation
