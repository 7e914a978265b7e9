#pragma once

#include <string>

#include "aws/cbor/reader.h"
#include "aws/model/descriptor.h"

namespace millstream::aws {

// Appends the structure as a CBOR map: absent members aren't written, blobs are byte strings, times
// are numbers under tag 1, whatever format the model has for JSON. In seconds they are floats when
// they have a fraction.
void append_cbor_object(const model::Type& type, const void* value, CborTime time,
                        std::string* out);

}  // namespace millstream::aws
