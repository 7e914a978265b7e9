#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "io/workers.h"
#include "journal/epoch_file.h"
#include "journal/group_buffers.h"
#include "journal/journal.h"
#include "journal/log_appender.h"

namespace millstream::journal {

// The log in files of a directory.
//
// Threads: the disk thread, a worker, runs append_waiting and thereby everything of appender_;
// preparer_ has a worker of its own. Callers meet them in queue_mutex_.
class FileJournal final : public Journal {
 public:
  // `record` is what EPOCH holds now.
  FileJournal(JournalOptions options, io::Disk& disk, io::Workers& workers, Random& random,
              const EpochRecord& record, const RecoveredLog& log);
  ~FileJournal() override;

  // Begins the epoch that was given and starts the disk thread.
  Result<> start(const RecoveredLog& log);

  Result<> replay(Position from, const std::function<Result<>(const FrameView&)>& visit) override;
  [[nodiscard]] uint32_t epoch() const override { return epoch_; }
  [[nodiscard]] Position end() const override { return appender_.end(); }
  [[nodiscard]] Group new_group(size_t bytes) override { return Group(buffers_.take(bytes)); }
  void submit(Group group, std::function<void(Result<CommittedGroup>)> done) override;
  Result<OwnedFrame> read(Position position) override;
  OwnedFrame recent(Position position) override { return recent_.find(position); }
  [[nodiscard]] std::vector<SegmentInfo> segments() const override { return table_.infos(); }
  Result<> remove_segment(uint64_t id) override;
  Result<> rewrite_segment(uint64_t id, const std::function<bool(const FrameView&)>& keep,
                           const std::function<void(Position, Position)>& moved) override;
  Result<> visit_segment(uint64_t id,
                         const std::function<Result<>(const FrameView&)>& visit) override;
  [[nodiscard]] std::string poisoned() const override;
  void close() override;

 private:
  void append_waiting();
  void append_batch(std::vector<Submission> batch);
  void append_last();
  Result<> remove_beginning(uint64_t end);
  Result<> write_epoch();
  void poison(const Error& error);
  [[nodiscard]] Error unavailable() const;
  Result<> check_sealed(uint64_t id) const;

  const JournalOptions options_;
  io::Disk& disk_;
  io::Workers& workers_;
  Random& random_;
  const uint32_t epoch_;

  SegmentTable table_;
  GroupBuffers buffers_;
  RecentGroups recent_;

  std::mutex log_mutex_;  // guards record_ and the file EPOCH
  EpochRecord record_;

  mutable std::mutex poison_mutex_;
  std::string poison_;  // guarded by poison_mutex_

  SegmentPreparer preparer_;
  LogAppender appender_;

  std::mutex queue_mutex_;  // guards all up to closed_
  std::vector<Submission> queue_;
  bool closing_ = false;  // close() has begun
  bool closed_ = false;   // the disk thread takes nothing any more

  std::unique_ptr<io::Worker> disk_worker_;  // none before start()
};

}  // namespace millstream::journal
