#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "aws/model/descriptor.h"

namespace millstream::aws::model {

// What one value breaks, each as AWS words it ("Member must have length less than or equal to
// 128"). A value inside a list or map isn't looked into.
std::vector<std::string> broken_constraints(const Type& type, const void* value);

// Every constraint of the type, for lists and maps of simple types: "[Member must ..., ...]".
std::string all_constraints(const Type& type);

// The value as a message shows it, without quotes; false when it isn't shown (blobs, structures).
bool value_text(const Type& type, const void* value, std::string* out);

}  // namespace millstream::aws::model
