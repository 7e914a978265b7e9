#include "base/error.h"

#include <cerrno>
#include <cstring>

namespace millstream {

std::string_view error_code_name(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalidArgument:
      return "invalid argument";
    case ErrorCode::kNotFound:
      return "not found";
    case ErrorCode::kAlreadyExists:
      return "already exists";
    case ErrorCode::kCorruption:
      return "corruption";
    case ErrorCode::kIo:
      return "io";
    case ErrorCode::kNoSpace:
      return "no space";
    case ErrorCode::kNoResources:
      return "no resources";
    case ErrorCode::kUnavailable:
      return "unavailable";
    case ErrorCode::kOverloaded:
      return "overloaded";
    case ErrorCode::kTimeout:
      return "timeout";
    case ErrorCode::kUnsupported:
      return "unsupported";
    case ErrorCode::kPermissionDenied:
      return "permission denied";
  }
  return "unknown";
}

Error Error::in(std::string_view where) const {
  return Error{code, std::string(where) + ": " + message};
}

Error errno_error(int error_number, std::string_view what_failed) {
  ErrorCode code = ErrorCode::kIo;
  switch (error_number) {
    case ENOSPC:
    case EDQUOT:
      code = ErrorCode::kNoSpace;
      break;
    case EMFILE:
    case ENFILE:
    case ENOMEM:
      code = ErrorCode::kNoResources;
      break;
    case ENOENT:
      code = ErrorCode::kNotFound;
      break;
    case EEXIST:
      code = ErrorCode::kAlreadyExists;
      break;
    case EACCES:
    case EPERM:
    case EROFS:
      code = ErrorCode::kPermissionDenied;
      break;
    default:
      break;
  }
  const char* const description = strerrordesc_np(error_number);
  return Error{code, std::string(what_failed) + ": " +
                         (description ? description : "error " + std::to_string(error_number))};
}

}  // namespace millstream
