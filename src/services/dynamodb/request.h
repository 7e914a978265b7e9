#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aws/error.h"
#include "aws/request_context.h"
#include "services/dynamodb/model/substitutions.h"
#include "services/dynamodb/model/value.h"
#include "services/dynamodb/table.h"

namespace millstream::dynamodb {

class Service;

// How an operation words what is wrong with a request; AWS changes the words operation by
// operation.
enum class Wording {
  kWrite,  // PutItem, UpdateItem, DeleteItem: behind "1 validation error detected: "
  kRead,   // GetItem, BatchGetItem, Query: the same words without it
  kBatch,  // BatchWriteItem, Scan: the older words
};

// A ValidationException for a broken rule of the request itself. What only the table or the item
// can tell is never enveloped: use aws::validation_error for that.
aws::Error request_error(Wording wording, std::string message);
// The model's finding (kInvalidArgument) as one; any other error is an internal failure.
aws::Error request_error(Wording wording, const Error& finding);
// The same for findings that are never enveloped.
aws::Error item_error(const Error& finding);

// Whether every value is one that AWS takes.
aws::Result<> check_values(Wording wording, const Item& item);
aws::Result<> check_expression_values(Wording wording, const std::optional<Item>& values);
aws::Result<> check_value(Wording wording, const Value& value);

// Expression and legacy parameters exclude each other, and placeholders need an expression that can
// use them. Names and whether they were given, in AWS's order.
struct Parameter {
  std::string_view name;
  bool given;
};
aws::Result<> check_parameters(Wording wording, const std::vector<Parameter>& expressions,
                               const std::vector<Parameter>& legacy, bool names_given,
                               bool values_given);

// The placeholders of a request, their keys checked.
aws::Result<Substitutions> make_substitutions(Wording wording,
                                              const std::optional<AttributeNames>& names,
                                              const std::optional<Item>& values);

// The table of a TableName parameter, which may be an ARN. Fails as AWS does for a malformed name,
// and with ResourceNotFoundException.
aws::Result<std::shared_ptr<const Table>> find_table(Service& service,
                                                     const aws::RequestContext& context,
                                                     const std::string& name_or_arn);
// The same for operations on tables, whose message names it.
aws::Result<std::shared_ptr<const Table>> find_named_table(Service& service,
                                                           const aws::RequestContext& context,
                                                           const std::string& name_or_arn);
aws::Error table_not_found();
// Only the name's form. `length_min` differs between operations on tables and on items.
aws::Result<> check_table_name(std::string_view name, size_t length_min);
TableAddress table_address(const aws::RequestContext& context, const std::string& name_or_arn);

}  // namespace millstream::dynamodb
