#pragma once

#include <optional>
#include <string>

#include "aws/error.h"
#include "aws/request_context.h"
#include "services/dynamodb/api.gen.h"
#include "services/dynamodb/item_writer.h"
#include "services/dynamodb/legacy.h"
#include "services/dynamodb/model/condition.h"
#include "services/dynamodb/model/update.h"

namespace millstream::dynamodb {

// What a single write's conditions and changes come to, once the request's own rules were checked.
// Refers to the request's values.
struct WriteRules {
  std::optional<Condition> condition;
  std::optional<Update> update;
  bool old_item_on_failure = false;
  bool returns_old_item = false;  // UpdateItem: ReturnValues asks for what was there
};

// From ConditionExpression or Expected, and (UpdateItem) UpdateExpression or AttributeUpdates.
aws::Result<WriteRules> write_rules(const api::PutItemInput& input);
aws::Result<WriteRules> write_rules(const api::UpdateItemInput& input);
aws::Result<WriteRules> write_rules(const api::DeleteItemInput& input);

// The request fitted to its table: the write, all but its change. Refers to `rules`.
aws::Result<ItemWrite> prepare_write(Service& service, const aws::RequestContext& context,
                                     const WriteRules& rules, const api::PutItemInput& input);
aws::Result<ItemWrite> prepare_write(Service& service, const aws::RequestContext& context,
                                     const WriteRules& rules, const api::UpdateItemInput& input);
aws::Result<ItemWrite> prepare_write(Service& service, const aws::RequestContext& context,
                                     const WriteRules& rules, const api::DeleteItemInput& input);

}  // namespace millstream::dynamodb
