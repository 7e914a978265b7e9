#pragma once

#include <optional>
#include <string>
#include <vector>

#include "services/cloudformation/api.gen.h"
#include "services/cloudformation/documents.h"
#include "services/cloudformation/plan.h"

namespace millstream::cloudformation {

// From stored documents to the API's shapes. A text that is empty is absent in the answer.
api::Stack to_stack(const StackDocument& stack);
api::StackSummary to_stack_summary(const StackDocument& stack);
api::StackEvent to_event(const StackAddress& address, const EventDocument& event);
api::StackResource to_resource(const StackAddress& address, const ResourceDocument& resource);
api::StackResourceDetail to_resource_detail(const StackAddress& address,
                                            const ResourceDocument& resource);
api::StackResourceSummary to_resource_summary(const ResourceDocument& resource);
std::vector<api::Parameter> to_parameters(const StackSettings& settings);
std::vector<api::Tag> to_tag_list(const Tags& tags);

std::optional<std::string> unless_empty(std::string text);
std::optional<aws::Timestamp> unless_zero(int64_t ms);

}  // namespace millstream::cloudformation
