#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace millstream::functions {

// One line (or one multi-line record of the runtime's logger) that a function environment wrote.
// At most kLogMessageBytesMax bytes of UTF-8 as the function wrote it, without its line end.
struct LogEvent {
  int64_t timestamp_ms = 0;
  std::string message;
};

inline constexpr size_t kLogMessageBytesMax = 256u << 10;

// Where an environment's log goes: group "/aws/lambda/<function>", stream
// "YYYY/MM/DD/[$LATEST]<32 hexadecimal digits>", one stream an environment.
struct LogTarget {
  std::string account;
  std::string region;
  std::string log_group;
  std::string log_stream;
};

// Takes what function environments print. Thread-safe; never blocks, never fails towards the
// caller: events of one target come in the order of their timestamps, in batches, and the sink
// makes group and stream when they are not there. A sink that cannot keep up drops and says how
// many.
class LogSink {
 public:
  virtual ~LogSink() = default;
  virtual void write(const LogTarget& target, std::vector<LogEvent> events) = 0;
};

}  // namespace millstream::functions
