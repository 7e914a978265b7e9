#include "server/version.h"

namespace millstream::server {

const char* const kVersion = MILLSTREAM_VERSION;

}  // namespace millstream::server
