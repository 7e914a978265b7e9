#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <unordered_set>

#include "http/body_producer.h"
#include "io/executor.h"

namespace millstream::server {

// Bodies of answers that are still being made after their handlers returned. They use the engine,
// so they count as requests in flight, and they can be told to come to their end. Thread-safe;
// outlives what it keeps.
class OpenBodies {
 public:
  explicit OpenBodies(std::atomic<int64_t>& in_flight) : in_flight_(in_flight) {}

  // Gives a producer that does what `producer` does, on `home`, and is counted until it is
  // destroyed.
  std::unique_ptr<http::BodyProducer> keep(io::Executor& home,
                                           std::unique_ptr<http::BodyProducer> producer);
  // Lets each of them know that no more is wanted.
  void end_all();

 private:
  class Body;
  // How to reach a body from other threads. Its `body` belongs to the body's executor.
  struct Handle {
    io::Executor& home;
    Body* body;
  };

  std::atomic<int64_t>& in_flight_;
  std::mutex mutex_;
  std::unordered_set<std::shared_ptr<Handle>> open_;  // guarded by mutex_
};

}  // namespace millstream::server
