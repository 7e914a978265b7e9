#pragma once

namespace millstream::fixture_rest {

// The service behind the fixture's operations: it has nothing to keep.
class Service {};

}  // namespace millstream::fixture_rest
