#pragma once

#include <string>
#include <string_view>

#include "aws/model/descriptor.h"

namespace millstream::aws {

// Appends `text` escaped for XML; characters that XML can't carry become U+FFFD.
void append_xml_text(std::string_view text, std::string* out);
// <name>text</name>
void append_xml_element(std::string_view name, std::string_view text, std::string* out);

// Appends the structure's members as elements, by the AWS Query protocol: lists as
// <Name><member>..</member></Name>, flattened ones as repeated <Name>, maps with <entry>.
void append_xml_members(const model::Type& type, const void* value, std::string* out);

}  // namespace millstream::aws
