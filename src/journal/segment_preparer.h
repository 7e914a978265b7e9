#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "io/disk.h"
#include "io/workers.h"

namespace millstream::journal {

// A file with its blocks allocated, all zero, that waits to become the next segment.
struct SpareSegment {
  std::unique_ptr<io::File> file;
  uint64_t zeroed_to = 0;  // written with zeros up to here; the rest is merely allocated
};

// Makes room ahead of the log, on a worker of its own: writes zeros in front of the write position,
// so that a sync of the log finds blocks that are written already and has no metadata to record,
// and makes the next segment's file before it is needed.
//
// Threads: the constructor starts the worker and stop() ends it; the rest from the disk thread
// alone.
class SegmentPreparer {
 public:
  // With `past_cache` the segments' files are written past the system's cache.
  // `on_failure` is told, on the worker's thread, when zeroing failed: the log's file may be
  // damaged.
  SegmentPreparer(io::Disk& disk, io::Workers& workers, std::string directory,
                  uint64_t segment_bytes, uint64_t zero_ahead_bytes, bool past_cache,
                  std::function<void(Error)> on_failure);
  ~SegmentPreparer();
  SegmentPreparer(const SegmentPreparer&) = delete;
  SegmentPreparer& operator=(const SegmentPreparer&) = delete;

  // From now on zeros are written ahead in the file `path`, which is `file_bytes` long. It is
  // opened once more for that: the system tells of a failed write-back once for each opening, so
  // the log's own sync hears of it too. When there is no descriptor for that, no zeros are written.
  Result<> attach(const std::string& path, uint64_t written_to, uint64_t zeroed_to,
                  uint64_t file_bytes);
  // Must come before each write to the attached file; `end` is that of the write. Afterwards no
  // zeros are written in front of `end`. Waits for zeroing under way there.
  void before_write(uint64_t end);
  // The spare file, under the name spare_path(); made here and now if it isn't ready.
  Result<SpareSegment> take_spare();
  [[nodiscard]] std::string spare_path() const;
  void stop();

 private:
  void prepare();
  void wake_if_due();
  [[nodiscard]] bool zeroing_is_due() const;
  [[nodiscard]] bool spare_is_due() const;
  void zero_next(std::unique_lock<std::mutex>& lock);
  void make_spare_ahead(std::unique_lock<std::mutex>& lock);
  Result<SpareSegment> make_spare(uint64_t zeroed_to);

  io::Disk& disk_;
  const std::string directory_;
  const uint64_t segment_bytes_;
  const uint64_t zero_ahead_bytes_;
  const bool past_cache_;
  const std::function<void(Error)> on_failure_;

  std::mutex mutex_;  // guards all below
  std::condition_variable changed_;
  bool stopping_ = false;
  bool attached_ = false;
  std::shared_ptr<io::File> file_;  // for zeros; none: write none
  uint64_t file_bytes_ = 0;
  uint64_t written_to_ = 0;
  uint64_t zeroed_to_ = 0;
  bool zeroing_ = false;     // from zeroed_to_ on
  bool zeroed_any_ = false;  // in front of the log, in this file
  bool overtaken_ = false;   // by the log: no more zeros in this file
  std::optional<SpareSegment> spare_;
  bool making_spare_ = false;
  bool spare_wanted_ = false;  // from an attach until the spare is taken, or making it failed

  std::unique_ptr<io::Worker> worker_;
};

}  // namespace millstream::journal
