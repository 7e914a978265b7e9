#pragma once

#include <optional>
#include <string>
#include <vector>

#include "aws/error.h"
#include "aws/request_context.h"
#include "io/task.h"
#include "services/dynamodb/model/document_path.h"
#include "services/dynamodb/request.h"

namespace millstream::dynamodb {

class Service;

// The durable item at a key of the state; nothing if there is none.
io::Task<aws::Result<std::optional<Item>>> read_item(Service& service,
                                                     const aws::RequestContext& context,
                                                     std::string key);

// What of an item is asked for; nothing: all of it.
using Projection = std::optional<std::vector<DocumentPath>>;

// From ProjectionExpression or AttributesToGet, for requests that have no other expression.
aws::Result<Projection> read_projection(Wording wording,
                                        const std::optional<std::string>& expression,
                                        const std::optional<std::vector<std::string>>& names_to_get,
                                        const std::optional<AttributeNames>& names);

Item projected(const Projection& projection, Item item);

}  // namespace millstream::dynamodb
