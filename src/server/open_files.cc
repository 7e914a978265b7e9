#include "server/open_files.h"

#include <sys/resource.h>

#include <cerrno>

namespace millstream::server {

Result<uint64_t> raise_open_files_limit() {
  rlimit limit = {};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) {
    return errno_error(errno, "cannot read the limit on open files");
  }
  if (limit.rlim_cur == limit.rlim_max) return limit.rlim_cur;
  limit.rlim_cur = limit.rlim_max;
  if (setrlimit(RLIMIT_NOFILE, &limit) != 0) {
    return errno_error(errno, "cannot raise the limit on open files");
  }
  return limit.rlim_cur;
}

}  // namespace millstream::server
