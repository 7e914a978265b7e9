#pragma once

#include "aws/error.h"
#include "aws/model/descriptor.h"
#include "aws/model/path.h"
#include "aws/query/parameters.h"

namespace millstream::aws {

// Reads a Query request's parameters into a default-made object of the structure type `type`, by
// the AWS Query protocol: "Tags.member.1.Key", flattened lists "Tags.1.Key", maps
// "Attributes.entry.1.key". Unknown parameters are ignored. `missing` gets the required members
// that weren't there. Fails with MalformedInput when a text isn't of its member's type.
Result<> read_query(const ParameterTree& parameters, const model::Type& type, void* value,
                    model::MissingMembers* missing);

}  // namespace millstream::aws
