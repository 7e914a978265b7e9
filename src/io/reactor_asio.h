#pragma once

// Only for the few translation units that open sockets: Boost.Asio is expensive to compile.

#include <boost/asio/io_context.hpp>

#include "io/reactor.h"

namespace millstream::io {

// The reactor's io_context; its handlers run on the reactor's thread.
boost::asio::io_context& asio_context(Reactor& reactor);

}  // namespace millstream::io
