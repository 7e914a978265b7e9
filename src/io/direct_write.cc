#include "io/direct_write.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <memory>

#include "base/check.h"
#include "io/disk.h"

namespace millstream::io {
namespace {

// The disk takes memory that begins at a page, so what is written is gathered in pages first, so
// much at a time: copying what the processor's cache holds costs little.
constexpr size_t kPageBytes = 4096;
constexpr size_t kStepBytesMax = 1u << 20;

struct Freed {
  void operator()(char* memory) const { std::free(memory); }
};

std::unique_ptr<char, Freed> pages_for(size_t bytes) {
  const size_t whole = (bytes + kPageBytes - 1) / kPageBytes * kPageBytes;
  auto* memory = static_cast<char*>(std::aligned_alloc(kPageBytes, whole));
  CHECK(memory != nullptr);
  return std::unique_ptr<char, Freed>(memory);
}

bool write_whole(int fd, const char* bytes, size_t size, uint64_t offset) {
  while (size > 0) {
    const ssize_t written = ::pwrite(fd, bytes, size, static_cast<off_t>(offset));
    if (written < 0 && errno == EINTR) continue;
    if (written == 0) errno = EIO;
    if (written <= 0) return false;
    bytes += written;
    size -= static_cast<size_t>(written);
    offset += static_cast<uint64_t>(written);
  }
  return true;
}

}  // namespace

bool begin_direct_writes(int fd) {
  struct statx status = {};
  if (::statx(fd, "", AT_EMPTY_PATH, STATX_DIOALIGN, &status) < 0) return false;
  const bool fits = status.stx_dio_offset_align > 0 &&
                    kSectorBytes % status.stx_dio_offset_align == 0 &&
                    kPageBytes % status.stx_dio_mem_align == 0;
  if ((status.stx_mask & STATX_DIOALIGN) == 0 || !fits) return false;
  const int flags = ::fcntl(fd, F_GETFL);
  return flags >= 0 && ::fcntl(fd, F_SETFL, flags | O_DIRECT) == 0;
}

bool write_directly(int fd, uint64_t offset, const std::vector<std::string_view>& pieces) {
  size_t left = 0;
  for (const std::string_view piece : pieces) left += piece.size();
  const size_t step = std::min(left, kStepBytesMax);
  const auto pages = pages_for(step);
  size_t filled = 0;
  for (std::string_view piece : pieces) {
    while (!piece.empty()) {
      const size_t part = std::min(piece.size(), step - filled);
      std::memcpy(pages.get() + filled, piece.data(), part);
      piece.remove_prefix(part);
      filled += part;
      if (filled < std::min(step, left)) continue;
      if (!write_whole(fd, pages.get(), filled, offset)) return false;
      offset += filled;
      left -= std::exchange(filled, 0);
    }
  }
  return true;
}

}  // namespace millstream::io
