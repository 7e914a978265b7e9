#include "services/iam/page.h"

namespace millstream::iam {

aws::Result<std::string> read_marker(const std::optional<std::string>& marker) {
  if (!marker) return std::string();
  auto name = base64_decode(*marker);
  if (!name) return aws::Error("ValidationError", 400, "Invalid Marker.");
  return std::move(*name);
}

}  // namespace millstream::iam
