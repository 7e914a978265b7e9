#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/random.h"
#include "journal/group_buffers.h"
#include "journal/group_sealer.h"
#include "journal/recent_groups.h"
#include "journal/recovery.h"
#include "journal/segment_preparer.h"
#include "journal/segment_table.h"

namespace millstream::journal {

struct Submission {
  Group group;
  std::function<void(Result<CommittedGroup>)> done;
};

// Writes groups behind each other into the log's last segment and begins new ones.
//
// Threads: all from the disk thread, but `end`.
class LogAppender {
 public:
  struct Parts {  // all outlive the appender
    io::Disk& disk;
    Random& random;
    SegmentPreparer& preparer;
    SegmentTable& table;
    GroupBuffers& buffers;
    RecentGroups& recent;
  };

  // `log` is the recovered one.
  LogAppender(const Parts& parts, const JournalOptions& options, const RecoveredLog& log,
              uint32_t epoch);

  // Begins to write: goes on in the recovered log's last segment, or makes the first.
  Result<> start(const RecoveredLog& log);

  // Writes the groups, syncs, and reports each. A failure that isn't of one group alone is
  // returned: the log must not be written any more; what wasn't reported yet is left in `batch`.
  Result<> append(std::vector<Submission>& batch);

  // Makes everything written durable and returns the last group's number.
  Result<uint64_t> finish();

  [[nodiscard]] Position end() const;

 private:
  struct Sealed {
    std::string bytes;
    uint64_t offset;
  };

  [[nodiscard]] std::optional<Error> refusal(const Group& group) const;
  void refuse(Submission& submission, Error error);
  void forget_refusals(const Group& group);
  [[nodiscard]] bool fits(const Group& group) const;
  void seal(Submission& submission);
  Result<> write_sealed();
  void report_sealed(std::vector<Submission>& batch);
  Result<> write_and_report(std::vector<Submission>& batch);
  Result<> make_room(std::optional<Error>* refused);
  Result<> begin_segment(SpareSegment spare);
  Result<> seal_segment();
  Result<SegmentHeader> install(SpareSegment& spare, uint64_t id);
  void publish_end(uint64_t offset);

  const Parts parts_;
  const std::string directory_;
  const uint64_t segment_bytes_;
  const bool sync_;
  const uint32_t epoch_;

  // The disk thread's.
  std::shared_ptr<io::File> file_;
  uint64_t segment_ = 0;  // 0: none yet
  uint64_t generation_ = 0;
  uint32_t mask_ = 0;
  uint64_t file_bytes_ = 0;
  uint64_t written_to_ = 0;
  uint64_t sealed_to_ = 0;  // where the next group goes
  uint64_t next_group_;
  uint64_t synced_through_;
  std::vector<Sealed> sealed_;                // to be written by write_sealed, the first of `batch`
  std::map<LaneId, uint64_t> refused_first_;  // the lowest refused frame number of each lane

  mutable std::mutex end_mutex_;
  Position end_;  // guarded by end_mutex_
};

}  // namespace millstream::journal
