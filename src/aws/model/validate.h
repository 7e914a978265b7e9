#pragma once

#include "aws/error.h"
#include "aws/model/descriptor.h"
#include "aws/model/path.h"
#include "aws/service_table.h"

namespace millstream::aws::model {

// Checks an input against its model: required members, lengths, ranges, patterns, enumerations.
// Fails with a ValidationException that lists every violation in the order of the model, up to ten,
// in AWS's words: "2 validation errors detected: Value '' at 'streamName' failed to satisfy
// constraint: Member must have length greater than or equal to 1; ...". Values of simple types are
// shown; those of blobs and structures aren't.
Result<> validate(const Type& type, const void* value, const MissingMembers& missing,
                  const ValidationStyle& style);

}  // namespace millstream::aws::model
