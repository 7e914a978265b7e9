#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "request.h"
#include "signer.h"
#include "wire.h"

namespace millstream::bench {

// What is measured: which requests are sent, and whether an answer is what it should be. A slot is
// a stream of a connection: it has one request under way at a time. Not synchronised.
class Workload {
 public:
  virtual ~Workload() = default;

  // The slot's next request, alive until that slot's next call; nullptr when the slot has none
  // left.
  virtual const Request* next(size_t slot) = 0;
  // How many units of work (records, items, pages' records) the answer to the slot's last request
  // stands for; 0 when it is wrong. Cheap: it runs between two requests.
  virtual size_t check(size_t slot, const Answer& answer) = 0;
};

struct WorkloadOptions {
  std::string name;
  Protocol protocol = Protocol::kHttp1;
  Credentials credentials;
  std::string host;  // "127.0.0.1:4566", as it is signed
  std::string stream = "bench";
  std::string table = "bench";
  size_t slots = 64;
  uint64_t items = 10'000;             // keys are the numbers below it
  std::vector<std::string> iterators;  // get_records: where each of its readers begins
  bool once = false;                   // get_records: stop at the end instead of beginning again
};

// Fails with kInvalidArgument for a name that isn't in workload_names(), or one that the protocol
// doesn't speak. Prepares and signs all requests that can be, which takes up to some seconds.
Result<std::unique_ptr<Workload>> make_workload(const WorkloadOptions& options);

// "name: what it sends", a line each.
std::vector<std::string> workload_names();

}  // namespace millstream::bench
