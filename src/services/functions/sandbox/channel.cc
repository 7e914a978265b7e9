#include "services/functions/sandbox/channel.h"

#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace millstream::functions {
namespace {

constexpr size_t kFilesMax = 4;
using ControlBuffer = std::array<char, CMSG_SPACE(sizeof(int) * kFilesMax)>;

std::vector<UniqueFd> take_files(msghdr* header) {
  std::vector<UniqueFd> files;
  for (cmsghdr* control = CMSG_FIRSTHDR(header); control; control = CMSG_NXTHDR(header, control)) {
    if (control->cmsg_level != SOL_SOCKET || control->cmsg_type != SCM_RIGHTS) continue;
    const size_t count = (control->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (size_t i = 0; i < count; ++i) {
      int fd = -1;
      memcpy(&fd, CMSG_DATA(control) + i * sizeof(int), sizeof fd);
      files.emplace_back(fd);
    }
  }
  return files;
}

}  // namespace

Result<std::pair<UniqueFd, UniqueFd>> open_channel() {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) {
    return errno_error(errno, "cannot open a channel to a sandbox");
  }
  return std::pair{UniqueFd(ends[0]), UniqueFd(ends[1])};
}

Result<> send_message(int channel, std::string_view text, const std::vector<int>& files) {
  CHECK(files.size() <= kFilesMax);
  iovec part{const_cast<char*>(text.data()), text.size()};
  alignas(cmsghdr) ControlBuffer buffer{};
  msghdr header{};
  header.msg_iov = &part;
  header.msg_iovlen = 1;
  if (!files.empty()) {
    header.msg_control = buffer.data();
    header.msg_controllen = CMSG_SPACE(sizeof(int) * files.size());
    cmsghdr* control = CMSG_FIRSTHDR(&header);
    control->cmsg_level = SOL_SOCKET;
    control->cmsg_type = SCM_RIGHTS;
    control->cmsg_len = CMSG_LEN(sizeof(int) * files.size());
    memcpy(CMSG_DATA(control), files.data(), sizeof(int) * files.size());
  }
  ssize_t sent = 0;
  do {
    sent = sendmsg(channel, &header, MSG_NOSIGNAL);
  } while (sent < 0 && errno == EINTR);
  if (sent < 0) return errno_error(errno, "cannot send on a sandbox's channel");
  return {};
}

Result<ChannelMessage> receive_message(int channel) {
  ChannelMessage message;
  message.text.resize(kChannelMessageBytesMax);
  iovec part{message.text.data(), message.text.size()};
  alignas(cmsghdr) ControlBuffer buffer{};
  msghdr header{};
  header.msg_iov = &part;
  header.msg_iovlen = 1;
  header.msg_control = buffer.data();
  header.msg_controllen = buffer.size();
  ssize_t received = 0;
  do {
    received = recvmsg(channel, &header, MSG_CMSG_CLOEXEC);
  } while (received < 0 && errno == EINTR);
  if (received < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
    return Error{ErrorCode::kUnavailable, "no message yet"};
  }
  if (received < 0 && errno != ECONNRESET) {
    return errno_error(errno, "cannot receive on a sandbox's channel");
  }
  message.text.resize(received < 0 ? 0 : static_cast<size_t>(received));
  message.files = take_files(&header);
  if (header.msg_flags & MSG_TRUNC) {
    return Error{ErrorCode::kInvalidArgument, "a message on a sandbox's channel is too long"};
  }
  return message;
}

}  // namespace millstream::functions
