#include "aws/request_ids.h"

#include "base/mix.h"
#include "base/uuid.h"

namespace millstream::aws {

std::string RequestIds::next() {
  // The lower half alone tells any two apart: what is mixed differs and mixing is one to one; of
  // the 2 bits that the version 4 form takes from it the upper half has copies.
  const uint64_t count = count_.fetch_add(1, std::memory_order_relaxed);
  const uint64_t low = mix_bits(low_ + count * kMixStep);
  const uint64_t high = mix_bits(high_ ^ low);
  return uuid_text((high & ~uint64_t{3}) | low >> 62, low);
}

}  // namespace millstream::aws
