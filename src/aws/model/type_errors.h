#pragma once

#include <string>
#include <string_view>

#include "aws/error.h"
#include "aws/model/descriptor.h"

namespace millstream::aws {

// What stood in the JSON or CBOR where something else was expected. Bytes are CBOR's alone.
enum class FoundKind { kObject, kArray, kString, kNumber, kDecimal, kTrue, kFalse, kBytes };

// The SerializationException for a value of the wrong type, in the words of AWS's services:
// "STRING_VALUE can not be converted to an Integer", "Start of list found where not expected". With
// `java_type_names` in those of the services that name Java's types: "STRING_VALUE cannot be
// converted to Integer", "Unrecognized collection type class java.lang.String".
Error wrong_type(FoundKind found, const model::Type& expected, bool java_type_names);

// The SerializationException for text that isn't base64.
Error wrong_base64(std::string_view text);

}  // namespace millstream::aws
