#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace millstream::aws {

// Undoes percent-encoding, and '+' as a space where `plus_is_space`. Nothing if a '%' isn't
// followed by two hexadecimal digits.
std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space);

// The fields of application/x-www-form-urlencoded text or of a URL's query, in their order,
// decoded.
using FormFields = std::vector<std::pair<std::string, std::string>>;
// Nothing if something isn't encoded rightly or isn't UTF-8, or there are over kFormFieldsMax.
std::optional<FormFields> parse_form(std::string_view text);

inline constexpr size_t kFormFieldsMax = 100'000;

// The first field of that name; nullptr if there is none.
const std::string* find_field(const FormFields& fields, std::string_view name);

}  // namespace millstream::aws
