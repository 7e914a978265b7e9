#pragma once

#include "base/result.h"
#include "http/server.h"

namespace millstream::server {

// `millstream top`: shows what the server at `address` does, anew each second, until q or Ctrl-C.
// `once`: prints one second of it and returns. Fails when the server can't be asked, or when there
// is no terminal to show it on.
Result<> run_top(const http::Address& address, bool once);

// GET `path` of the server, over a connection of its own; blocks. Fails with kIo when there is no
// server, with kUnavailable when it answers with something else than 200.
Result<std::string> fetch(const http::Address& address, const std::string& path);

}  // namespace millstream::server
