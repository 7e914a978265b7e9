#pragma once

#include <string>
#include <vector>

#include "workload.h"

namespace millstream::bench {

// Requests that were made beforehand, sent in turn and then again from the first.
class RequestPool final : public Workload {
 public:
  struct Entry {
    Request request;
    std::string expected;  // a good answer's body contains it
  };
  struct Expectation {
    size_t units = 1;           // of each good answer
    size_t body_bytes_min = 0;  // of each good answer
  };

  RequestPool(std::vector<Entry> entries, Expectation expectation, size_t slots);

  const Request* next(size_t slot) override;
  size_t check(size_t slot, const Answer& answer) override;

 private:
  const std::vector<Entry> entries_;
  const Expectation expectation_;
  std::vector<size_t> sent_;  // by slot: the entry under way
  size_t next_ = 0;
};

}  // namespace millstream::bench
