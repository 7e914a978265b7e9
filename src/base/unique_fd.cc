#include "base/unique_fd.h"

#include <unistd.h>

namespace millstream {

void UniqueFd::reset(int fd) {
  // A failed close tells of an earlier write; whoever needs that to be durable has called fsync.
  if (fd_ >= 0) ::close(fd_);
  fd_ = fd;
}

}  // namespace millstream
