#pragma once

#include <string>
#include <string_view>

#include "base/random.h"

namespace millstream::aws::testing {

// The body with none to two changes: a byte replaced by one of `pieces`, a byte taken out, or a
// part of the body repeated somewhere in it. For readers that are held against the generated codec.
inline std::string mutated_body(std::string_view original, std::string_view pieces,
                                Random& random) {
  std::string body(original);
  for (uint64_t changes = random.next_u64() % 3; changes > 0; --changes) {
    const size_t at = random.next_u64() % body.size();
    switch (random.next_u64() % 3) {
      case 0:
        body[at] = pieces[random.next_u64() % pieces.size()];
        break;
      case 1:
        body.erase(at, 1);
        break;
      default:
        body.insert(at, body.substr(random.next_u64() % body.size(), random.next_u64() % 30));
    }
  }
  return body;
}

}  // namespace millstream::aws::testing
