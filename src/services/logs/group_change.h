#pragma once

#include <functional>

#include "aws/error.h"
#include "aws/model/types.h"
#include "io/task.h"
#include "services/logs/service.h"

namespace millstream::logs {

// Changes a group's document in one transaction: `change` gets what is stored and returns whether
// it may become so. Fails with ResourceNotFoundException when the group isn't there, or with what
// `change` returns; nothing has changed then.
io::Task<aws::Result<aws::Empty>> change_group(Service& service, const aws::RequestContext& context,
                                               std::string name,
                                               std::function<aws::Result<>(GroupDocument&)> change);

}  // namespace millstream::logs
