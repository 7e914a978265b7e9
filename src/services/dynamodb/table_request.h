#pragma once

#include "aws/error.h"
#include "aws/request_context.h"
#include "services/dynamodb/api.gen.h"
#include "services/dynamodb/table.h"

namespace millstream::dynamodb {

// The table that a CreateTable asks for, still without id and time. Fails as AWS does, and by name
// for what Millstream hasn't built (indexes, streams, ...).
aws::Result<Table> new_table(const aws::RequestContext& context,
                             const api::CreateTableInput& input);

}  // namespace millstream::dynamodb
