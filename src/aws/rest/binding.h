#pragma once

#include <string>
#include <string_view>

#include "aws/error.h"
#include "aws/form.h"
#include "aws/model/descriptor.h"
#include "aws/model/path.h"
#include "aws/rest/route.h"
#include "http/message.h"

namespace millstream::aws {

// What a REST request carries besides its body.
struct RestRequest {
  const RouteLabels& labels;
  const FormFields& query;
  const http::Headers& headers;
};

// Reads the members that travel in the path, the query string and the headers. `missing` gets the
// required ones among them that weren't there. Fails with a SerializationException when a text
// isn't of its member's type.
Result<> read_rest_members(const RestRequest& request, const model::Type& type, void* value,
                           model::MissingMembers* missing);

// Writes the members that travel in the headers and the status code; others are left alone.
void write_rest_members(const model::Type& type, const void* value, http::Response* response);

// Whether the structure has members that travel in a JSON body.
bool has_body_members(const model::Type& type);

}  // namespace millstream::aws
