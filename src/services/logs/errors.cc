#include "services/logs/errors.h"

#include "services/logs/api.gen.h"

namespace millstream::logs {

aws::Error no_such_group() {
  return errors::resource_not_found_exception("The specified log group does not exist.");
}

aws::Error no_such_stream() {
  return errors::resource_not_found_exception("The specified log stream does not exist.");
}

aws::Error group_exists() {
  return errors::resource_already_exists_exception("The specified log group already exists");
}

aws::Error stream_exists() {
  return errors::resource_already_exists_exception("The specified log stream already exists");
}

aws::Error invalid_token() {
  return errors::invalid_parameter_exception("The specified nextToken is invalid.");
}

}  // namespace millstream::logs
