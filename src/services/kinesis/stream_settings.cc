#include "services/kinesis/stream_settings.h"

#include <algorithm>

namespace millstream::kinesis {
namespace {

constexpr int64_t kDayMs = 86'400'000;

}  // namespace

bool StreamSettings::encrypted_at(int64_t arrival_ms) const {
  for (auto change = encryption_changes.rbegin(); change != encryption_changes.rend(); ++change) {
    if (change->from_ms <= arrival_ms) return change->encrypted;
  }
  return false;
}

bool count_in_day(int64_t now_ms, int64_t events_max, std::vector<int64_t>* events_ms) {
  const auto recent = std::find_if(events_ms->begin(), events_ms->end(),
                                   [&](int64_t event) { return event > now_ms - kDayMs; });
  if (events_ms->end() - recent >= events_max) return false;
  events_ms->erase(events_ms->begin(), recent);
  events_ms->push_back(now_ms);
  return true;
}

}  // namespace millstream::kinesis
