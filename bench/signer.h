#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace millstream::bench {

struct Credentials {
  std::string access_key_id;
  std::string secret_access_key;
};

// One POST as bytes on the wire, signed with Signature Version 4 for `service` in us-east-1.
std::string signed_post(const Credentials& credentials, std::string_view host,
                        std::string_view service, std::string_view target,
                        std::string_view content_type, std::string_view body, int64_t wall_ms);

}  // namespace millstream::bench
