#pragma once

#include <cstddef>

namespace millstream::cloudformation {

// CloudFormation's own limits
// (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html).
inline constexpr size_t kTemplateBodyBytesMax = 51'200;
inline constexpr size_t kResourcesMax = 500;
inline constexpr size_t kParametersMax = 200;
inline constexpr size_t kOutputsMax = 200;
inline constexpr size_t kMappingsMax = 200;
inline constexpr size_t kParameterValueBytesMax = 4'096;
inline constexpr size_t kDescriptionBytesMax = 1'024;

// Our own, which keep a hostile template cheap: nothing in a document goes deeper than this, and
// one evaluation makes no more text than this.
inline constexpr size_t kDocumentDepthMax = 100;
inline constexpr size_t kEvaluatedBytesMax = 8u << 20;

}  // namespace millstream::cloudformation
