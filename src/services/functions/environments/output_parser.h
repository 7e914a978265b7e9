#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace millstream::functions {

// Cuts what an environment prints into log records: one a line, or what our bootstraps mark as one
// record though it has several lines. A marked record is kRecordMark, eight hexadecimal digits of
// length, and that many bytes; a mark in the middle of a line ends that line. A length past
// kLogMessageBytesMax makes no mark. Lines past it are cut into several. Not synchronised.
//
// Limits: holds kLogMessageBytesMax and what one call of feed brought, whatever is printed; the
// work is linear in what is printed.
class OutputParser {
 public:
  using Visit = std::function<void(std::string message)>;

  // Calls `visit` for every record that `bytes` completes.
  void feed(std::string_view bytes, const Visit& visit);
  // What stands there without a line end, at the end of an invocation or of the process.
  void flush(const Visit& visit);

  static constexpr std::string_view kRecordMark{"\x1eMLS", 4};

 private:
  // Each gives the record that `rest` begins with and returns how many bytes are done with; 0 if it
  // isn't whole yet.
  size_t take_record(std::string_view rest, const Visit& visit);
  size_t take_line(std::string_view rest, const Visit& visit);

  std::string pending_;
  size_t searched_ = 0;  // bytes of pending_ known to hold no line's end
};

}  // namespace millstream::functions
