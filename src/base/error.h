#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace millstream {

// What kind of failure it is, for code that must choose; the message is for people.
enum class ErrorCode {
  kInvalidArgument,   // the caller's input can't be served, now or later
  kNotFound,          // what was named isn't there
  kAlreadyExists,     // what should be made is there
  kCorruption,        // bytes on disk or on the wire aren't what was written
  kIo,                // the operating system refused or failed
  kNoSpace,           // the disk is full
  kNoResources,       // the system is short of descriptors or memory; may pass
  kUnavailable,       // not now: poisoned, shutting down
  kOverloaded,        // not now: too much is under way; the same may succeed a moment later
  kTimeout,           // a deadline passed
  kUnsupported,       // known, but not built
  kPermissionDenied,  // the operating system or a policy forbids it
};

std::string_view error_code_name(ErrorCode code);

// An expected failure below the AWS layer. The AWS layer has its own type, aws::Error, with the
// service's exception in it. A value; the message is a whole sentence that names the thing.
struct Error {
  ErrorCode code;
  std::string message;

  // Adds where it happened: "journal segment 7: " + message.
  [[nodiscard]] Error in(std::string_view where) const;
};

// The failure that `errno` tells: "cannot open /data/x: No such file or directory".
// ENOSPC and EDQUOT become kNoSpace; EMFILE, ENFILE and ENOMEM kNoResources; ENOENT kNotFound;
// EEXIST kAlreadyExists; EACCES, EPERM and EROFS kPermissionDenied; everything else kIo.
Error errno_error(int error_number, std::string_view what_failed);

}  // namespace millstream
