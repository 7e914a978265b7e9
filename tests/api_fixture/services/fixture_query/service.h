#pragma once

namespace millstream::fixture_query {

// The service behind the fixture's operations: it has nothing to keep.
class Service {};

}  // namespace millstream::fixture_query
