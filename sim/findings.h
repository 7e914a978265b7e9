#pragma once

#include <optional>
#include <string>
#include <utility>

namespace millstream::sim {

// What a check found wrong. The first finding ends a simulation.
struct Finding {
  std::string check;  // its name, as docs/reliability.md has it
  std::string detail;
};

class Findings {
 public:
  void add(std::string check, std::string detail) {
    if (!first_) first_ = Finding{std::move(check), std::move(detail)};
  }
  [[nodiscard]] const std::optional<Finding>& first() const { return first_; }

 private:
  std::optional<Finding> first_;
};

// How a request ended, as its client knows it.
enum class Ending {
  kDone,     // acknowledged
  kRefused,  // certainly without effect
  kUnknown,  // no answer, or a failure that may have come after the effect
};

}  // namespace millstream::sim
