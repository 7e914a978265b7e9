#pragma once

#include <cstdint>
#include <string>

namespace millstream {

// The version 4 UUID that these 128 bits make: four of `high` and the two topmost of `low` give way
// to the version and the variant.
std::string uuid_text(uint64_t high, uint64_t low);

}  // namespace millstream
