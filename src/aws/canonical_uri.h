#pragma once

#include <string>
#include <string_view>

namespace millstream::aws {

// Parts of a target as Signature Version 4 signs them. Pure.

// Percent-encodes everything but letters, digits, "-_.~" and, if `keep_slash`, "/".
void append_uri_encoded(std::string_view text, bool keep_slash, std::string* out);
// Undoes percent-encoding; what isn't a valid escape stays as it is.
std::string uri_decoded(std::string_view text);

// The path as sent, without dot segments and doubled slashes, encoded once more. For S3 the path is
// signed as it was sent: objects' names may hold both.
std::string canonical_path(std::string_view raw_path, bool for_s3);
// Parameters sorted by their encoded name and value.
std::string canonical_query(std::string_view raw_query);

}  // namespace millstream::aws
