#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "aws/error.h"
#include "aws/model/types.h"
#include "aws/request_context.h"
#include "io/task.h"
#include "services/dynamodb/table.h"

namespace millstream::dynamodb {

class Service;

using Tags = std::map<std::string, std::string>;

// The table that a ResourceArn names. Fails with ValidationException for what isn't a table's ARN,
// and with ResourceNotFoundException.
aws::Result<std::shared_ptr<const Table>> find_resource(Service& service,
                                                        const aws::RequestContext& context,
                                                        const std::string& arn);

// Changes the tags of the table in its lane, durably. When `change` fails, or the table went
// meanwhile, nothing has changed.
io::Task<aws::Result<aws::Empty>> change_tags(Service& service, const aws::RequestContext& context,
                                              std::shared_ptr<const Table> table,
                                              std::function<aws::Result<>(Tags*)> change);

aws::Error too_many_tags();

}  // namespace millstream::dynamodb
