#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/digest.h"

namespace millstream::sim {

// What happened, in order: a digest of it, by which two runs are compared, and a line for each
// larger event to whoever wants to read them.
class Trace {
 public:
  using Reader = std::function<void(const std::string& line)>;
  explicit Trace(Reader reader) : reader_(std::move(reader)) {}

  void note(uint64_t value) {
    digest_ = (digest_ ^ value) * 0x9e3779b97f4a7c15ULL;
    digest_ ^= digest_ >> 29;
  }
  void note(std::string_view text) { note(stable_hash(text)); }
  void tell(int64_t now_us, const std::string& line) {
    note(static_cast<uint64_t>(now_us));
    note(line);
    if (reader_) reader_(line);
  }
  [[nodiscard]] uint64_t digest() const { return digest_; }

 private:
  const Reader reader_;
  uint64_t digest_ = 0;
};

}  // namespace millstream::sim
