#include "services/functions/environments/environment_log.h"

#include <utility>

#include "base/time_text.h"
#include "base/utf8.h"

namespace millstream::functions {

void EnvironmentLog::print(std::string_view bytes) {
  const std::lock_guard lock(mutex_);
  parser_.feed(bytes, [this](std::string message) { add(std::move(message)); });
  hand_on();
}

void EnvironmentLog::platform_line(std::string line) {
  const std::lock_guard lock(mutex_);
  parser_.flush([this](std::string message) { add(std::move(message)); });
  add(std::move(line));
}

void EnvironmentLog::add(std::string message) {
  make_valid_utf8(&message);
  if (tail_wanted_) {
    tail_ += message;
    tail_ += '\n';
    if (tail_.size() > 4 * kTailBytesMax) tail_.erase(0, tail_.size() - kTailBytesMax);
  }
  events_.push_back({clock_.wall_ms(), std::move(message)});
}

void EnvironmentLog::hand_on() {
  if (!events_.empty()) sink_.write(target_, std::exchange(events_, {}));
}

void EnvironmentLog::begin_tail() {
  const std::lock_guard lock(mutex_);
  tail_wanted_ = true;
  tail_.clear();
}

std::string EnvironmentLog::end_invocation() {
  const std::lock_guard lock(mutex_);
  hand_on();
  if (!std::exchange(tail_wanted_, false)) return {};
  if (tail_.size() > kTailBytesMax) tail_.erase(0, tail_.size() - kTailBytesMax);
  return std::exchange(tail_, {});
}

void EnvironmentLog::flush() {
  const std::lock_guard lock(mutex_);
  parser_.flush([this](std::string message) { add(std::move(message)); });
  hand_on();
}

std::string log_stream_name(int64_t wall_ms, std::string_view thirty_two_digits) {
  const std::string day = iso8601_seconds(wall_ms).substr(0, 10);
  return day.substr(0, 4) + "/" + day.substr(5, 2) + "/" + day.substr(8, 2) + "/[$LATEST]" +
         std::string(thirty_two_digits);
}

}  // namespace millstream::functions
