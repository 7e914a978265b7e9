#include "journal/group_buffers.h"

#include <algorithm>
#include <utility>

namespace millstream::journal {
namespace {

constexpr size_t kKeptMax = 2;
// The allocator keeps smaller ones at hand itself.
constexpr size_t kKeptBytesMin = 128u << 10;
// A small group in a large buffer would keep memory from the newest groups that readers find.
constexpr size_t kRoomierMax = 4;
// What a new buffer has room for at first, at most.
constexpr size_t kNewBytesMax = 256u << 10;

bool suits(const std::string& buffer, size_t bytes) {
  return buffer.capacity() >= bytes / 2 && buffer.capacity() / kRoomierMax <= bytes;
}

}  // namespace

GroupBuffers::GroupBuffers() : kept_(std::make_shared<Kept>()) {}

std::string GroupBuffers::take(size_t bytes) {
  {
    std::lock_guard lock(kept_->mutex);
    std::vector<std::string>& buffers = kept_->buffers;
    const auto found = std::find_if(buffers.begin(), buffers.end(),
                                    [bytes](const auto& buffer) { return suits(buffer, bytes); });
    if (found != buffers.end()) {
      std::string buffer = std::move(*found);
      buffers.erase(found);
      return buffer;
    }
  }
  std::string buffer;
  buffer.reserve(std::min(bytes, kNewBytesMax));
  return buffer;
}

std::shared_ptr<const std::string> GroupBuffers::share(std::string bytes) {
  if (bytes.capacity() < kKeptBytesMin) {
    return std::make_shared<const std::string>(std::move(bytes));
  }
  const auto give_back = [kept = kept_](std::string* shared) {
    kept->give_back(std::move(*shared));
    delete shared;
  };
  return {new std::string(std::move(bytes)), give_back};
}

// The newest takes the place of the oldest: it is of the size that is wanted now.
void GroupBuffers::Kept::give_back(std::string buffer) {
  buffer.clear();
  std::string dropped;  // freed after the lock
  std::lock_guard lock(mutex);
  if (buffers.size() == kKeptMax) {
    dropped = std::move(buffers.front());
    buffers.erase(buffers.begin());
  }
  buffers.push_back(std::move(buffer));
}

}  // namespace millstream::journal
