#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "aws/error.h"
#include "services/dynamodb/api.gen.h"
#include "services/dynamodb/model/condition.h"
#include "services/dynamodb/model/document_path.h"
#include "services/dynamodb/model/key_condition.h"
#include "services/dynamodb/model/update.h"
#include "services/dynamodb/request.h"

namespace millstream::dynamodb {

// The parameters from before there were expressions, turned into the same trees. Results refer to
// the request's values, which outlive them. Failures are AWS's, worded for the operation.

using ExpectedMap = std::map<std::string, api::ExpectedAttributeValue>;
using ConditionMap = std::map<std::string, api::Condition>;
using UpdateMap = std::map<std::string, api::AttributeValueUpdate>;

// Expected. Nothing when it isn't given or names no attribute.
aws::Result<std::optional<Condition>> expected_condition(
    Wording wording, const std::optional<ExpectedMap>& expected,
    const std::optional<std::string>& conditional_operator);

// QueryFilter and ScanFilter.
aws::Result<std::optional<Condition>> filter_condition(
    Wording wording, const std::optional<ConditionMap>& filter,
    const std::optional<std::string>& conditional_operator);

// KeyConditions.
aws::Result<std::vector<KeyTerm>> key_condition_terms(Wording wording,
                                                      const ConditionMap& conditions);

// AttributeUpdates.
aws::Result<Update> attribute_updates(Wording wording, const UpdateMap& updates);

// AttributesToGet: top-level attributes, each once.
aws::Result<std::vector<DocumentPath>> attributes_to_get(Wording wording,
                                                         const std::vector<std::string>& names);

}  // namespace millstream::dynamodb
