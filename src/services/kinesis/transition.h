#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace millstream::kinesis {

// Where a stream or a consumer is on its way to, until a moment: its status follows from the clock,
// so that nothing has to be written when the moment has come. What was asked for is in force from
// the beginning; only something that is DELETING goes at the end, by the Remover.
struct Transition {
  std::string status;    // "CREATING", "UPDATING" or "DELETING"
  int64_t until_ms = 0;  // milliseconds since 1970
};

template <class Fields>
void each_field(Fields& fields, typename Fields::template Of<Transition>& transition) {
  fields("status", transition.status);
  fields("until_ms", transition.until_ms);
}

inline std::string_view status_of(const std::optional<Transition>& transition, int64_t now_ms) {
  return transition && now_ms < transition->until_ms ? std::string_view(transition->status)
                                                     : std::string_view("ACTIVE");
}

// Whether it is deleted although its document is still there.
inline bool is_gone(const std::optional<Transition>& transition, int64_t now_ms) {
  return transition && transition->status == "DELETING" && now_ms >= transition->until_ms;
}

}  // namespace millstream::kinesis
