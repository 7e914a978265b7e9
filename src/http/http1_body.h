#pragma once

#include <memory>
#include <string>

#include "http/body_producer.h"
#include "http/connection.h"

namespace millstream::http {

// Sends a body while it is made, after its response's head: in chunks, or as it is to the
// connection's end. Meanwhile it watches whether the peer goes away, and keeps what it sends on (at
// most some KB) in `input`. Returns at the producer's end: whether the body was sent whole.
//
// A peer that shuts its side down counts as gone.
io::Task<bool> send_produced_body(std::shared_ptr<Connection> connection,
                                  std::unique_ptr<BodyProducer> producer, bool in_chunks,
                                  std::string* input);

}  // namespace millstream::http
