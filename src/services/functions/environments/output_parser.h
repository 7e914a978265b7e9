#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace millstream::functions {

// Cuts what an environment prints into log records: one a line, or what our bootstraps mark as one
// record though it has several lines. A marked record is kRecordMark, eight hexadecimal digits of
// length, and that many bytes; a mark in the middle of a line ends that line. Lines and records
// past kLogMessageBytesMax are cut into several. Not synchronised.
class OutputParser {
 public:
  using Visit = std::function<void(std::string message)>;

  // Calls `visit` for every record that `bytes` completes.
  void feed(std::string_view bytes, const Visit& visit);
  // What stands there without a line end, at the end of an invocation or of the process.
  void flush(const Visit& visit);

  static constexpr std::string_view kRecordMark{"\x1eMLS", 4};

 private:
  // Each takes one record off the front of pending_, or says that it isn't whole yet.
  bool take_record(const Visit& visit);
  bool take_line(const Visit& visit);

  std::string pending_;
};

}  // namespace millstream::functions
