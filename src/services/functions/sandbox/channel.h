#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/unique_fd.h"

namespace millstream::functions {

// The pair of sockets between the server and a sandbox: whole messages, with open files passed
// along (SCM_RIGHTS). Closing either end is seen by the other at once, which is how a sandbox
// learns that its server is gone. No threads of its own.
//
// Server to sandbox, once: the SandboxSpec as text.
// Sandbox to server, the first byte says which:
//   'L' the process id of the sandbox's first process, as the server sees it, in decimal; with two
//       open files, the Runtime API's listener and the AWS endpoint's
//   'F' a sentence: why the sandbox could not be made; nothing follows
//   'X' the wait status of the program in decimal; nothing follows
inline constexpr size_t kChannelMessageBytesMax = 128u << 10;

struct ChannelMessage {
  std::string text;  // empty: the other end is closed
  std::vector<UniqueFd> files;
};

Result<std::pair<UniqueFd, UniqueFd>> open_channel();  // close-on-exec, both blocking
Result<> send_message(int channel, std::string_view text, const std::vector<int>& files = {});
// Blocks unless `channel` is non-blocking; then kUnavailable means that nothing is there yet.
Result<ChannelMessage> receive_message(int channel);

}  // namespace millstream::functions
