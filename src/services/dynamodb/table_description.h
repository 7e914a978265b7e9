#pragma once

#include <string>

#include "aws/error.h"
#include "aws/request_context.h"
#include "io/task.h"
#include "services/dynamodb/api.gen.h"
#include "services/dynamodb/counts.h"
#include "services/dynamodb/table.h"

namespace millstream::dynamodb {

class Service;

// A table as CreateTable, DescribeTable and DeleteTable answer it.
api::TableDescription describe(const Table& table, const std::string& status, const Counts& counts);

// The durable counts of all its lanes.
io::Task<aws::Result<Counts>> table_counts(Service& service, const aws::RequestContext& context,
                                           uint64_t table_id);

}  // namespace millstream::dynamodb
