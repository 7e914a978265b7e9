#pragma once

#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "services/functions/environments/output_parser.h"
#include "services/functions/log_sink.h"

namespace millstream::functions {

// One environment's log: what it prints and the platform's own lines, in order, handed on to the
// sink. Keeps the last 4 KB of an invocation when it is asked to. Thread-safe.
class EnvironmentLog {
 public:
  EnvironmentLog(LogTarget target, LogSink& sink, const Clock& clock)
      : target_(std::move(target)), sink_(sink), clock_(clock) {}

  [[nodiscard]] const LogTarget& target() const { return target_; }

  // What the environment printed.
  void print(std::string_view bytes);
  // A line of the platform's: START, END, REPORT and the like. Goes out with what follows it.
  void platform_line(std::string line);

  // From here on lines are kept for end_invocation.
  void begin_tail();
  // The invocation is over: everything goes out. Returns the tail if there was one.
  std::string end_invocation();
  void flush();

  static constexpr size_t kTailBytesMax = 4096;

 private:
  void add(std::string message);  // mutex_ is held
  void hand_on();                 // mutex_ is held

  const LogTarget target_;
  LogSink& sink_;
  const Clock& clock_;

  std::mutex mutex_;
  // Guarded by mutex_.
  OutputParser parser_;
  std::vector<LogEvent> events_;
  bool tail_wanted_ = false;
  std::string tail_;
};

// "2026/11/22/[$LATEST]<32 hexadecimal digits>".
std::string log_stream_name(int64_t wall_ms, std::string_view thirty_two_digits);

}  // namespace millstream::functions
