#include "request_pool.h"

#include "base/check.h"

namespace millstream::bench {

RequestPool::RequestPool(std::vector<Entry> entries, Expectation expectation, size_t slots)
    : entries_(std::move(entries)), expectation_(expectation), sent_(slots) {
  CHECK(!entries_.empty());
}

const Request* RequestPool::next(size_t slot) {
  sent_[slot] = next_;
  next_ = next_ + 1 == entries_.size() ? 0 : next_ + 1;
  return &entries_[sent_[slot]].request;
}

size_t RequestPool::check(size_t slot, const Answer& answer) {
  const bool good = answer.status == 200 && answer.body.size() >= expectation_.body_bytes_min &&
                    answer.body.find(entries_[sent_[slot]].expected) != std::string_view::npos;
  return good ? expectation_.units : 0;
}

}  // namespace millstream::bench
