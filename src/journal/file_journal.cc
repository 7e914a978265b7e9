#include "journal/file_journal.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "journal/segment_rewriter.h"

namespace millstream::journal {
namespace {

constexpr size_t kReadAheadBytes = 4096;  // most frames come with one read

}  // namespace

Result<std::unique_ptr<Journal>> Journal::open(JournalOptions options, io::Disk& disk,
                                               io::Workers& workers, Random& random) {
  if (options.segment_bytes % kGroupAlignment != 0 || options.segment_bytes < 2 * kGroupAlignment ||
      options.segment_bytes > UINT32_MAX) {
    return Error{ErrorCode::kInvalidArgument,
                 "a segment's size must be a multiple of 512 between 1 KiB and 4 GiB"};
  }
  if (Result<> made = disk.make_directories(options.directory); !made) return made.take_error();
  Result<RecoveredLog> log = recover_log(disk, options.directory);
  if (!log) return log.take_error();
  // The first segment of a new log has the id 1.
  const uint64_t first_segment = log->segments.empty() ? 1 : log->first_segment;
  const EpochRecord record{log->epoch + 1, log->last_group, first_segment};
  Result<> begun = write_epoch_file(disk, options.directory, record);
  if (!begun) return begun.take_error();
  auto journal =
      std::make_unique<FileJournal>(std::move(options), disk, workers, random, record, *log);
  if (Result<> started = journal->start(*log); !started) return started.take_error();
  return std::unique_ptr<Journal>(std::move(journal));
}

FileJournal::FileJournal(JournalOptions options, io::Disk& disk, io::Workers& workers,
                         Random& random, const EpochRecord& record, const RecoveredLog& log)
    : options_(std::move(options)),
      disk_(disk),
      workers_(workers),
      random_(random),
      epoch_(record.epoch),
      table_(disk, options_.directory),
      recent_(options_.recent_bytes_max),
      record_(record),
      preparer_(disk, workers, options_.directory, options_.segment_bytes,
                options_.zero_ahead_bytes, options_.durability == Durability::kFsync,
                [this](const Error& error) { poison(error); }),
      appender_({disk_, random_, preparer_, table_, buffers_, recent_}, options_, log,
                record.epoch) {}

FileJournal::~FileJournal() {
  close();
}

Result<> FileJournal::start(const RecoveredLog& log) {
  for (const RecoveredSegment& segment : log.segments) {
    const SegmentHeader& header = segment.header;
    table_.set({header.id, segment.bytes, true, header.salt, header.rewritten_bytes != 0});
  }
  if (Result<> started = appender_.start(log); !started) return started;
  disk_worker_ = workers_.start([this] { append_waiting(); });
  return {};
}

Result<> FileJournal::replay(Position from,
                             const std::function<Result<>(const FrameView&)>& visit) {
  for (const SegmentInfo& segment : table_.infos()) {
    if (segment.id < from.segment) continue;
    if (Result<> visited = table_.visit(segment.id, from, visit); !visited) return visited;
  }
  return {};
}

void FileJournal::submit(Group group, std::function<void(Result<CommittedGroup>)> done) {
  {
    std::lock_guard lock(queue_mutex_);
    if (!closed_) {
      queue_.push_back({std::move(group), std::move(done)});
      // The worker takes all that waits, so only the first has to call it; inside the lock, so that
      // a close behind it can't come first.
      if (queue_.size() == 1) disk_worker_->wake();
      return;
    }
  }
  done(Error{ErrorCode::kUnavailable, "the journal is closed"});
}

void FileJournal::append_waiting() {
  std::vector<Submission> batch;
  {
    std::lock_guard lock(queue_mutex_);
    batch = std::exchange(queue_, {});
  }
  append_batch(std::move(batch));
}

void FileJournal::append_batch(std::vector<Submission> batch) {
  if (poisoned().empty()) {
    Result<> appended = appender_.append(batch);
    if (appended) return;
    poison(appended.error());
  }
  for (Submission& submission : batch) submission.done(unavailable());
}

void FileJournal::poison(const Error& error) {
  std::lock_guard lock(poison_mutex_);
  if (poison_.empty()) poison_ = "the journal failed: " + error.message;
}

std::string FileJournal::poisoned() const {
  std::lock_guard lock(poison_mutex_);
  return poison_;
}

Error FileJournal::unavailable() const {
  return {ErrorCode::kUnavailable, poisoned()};
}

Result<Journal::OwnedFrame> FileJournal::read(Position position) {
  if (OwnedFrame frame = recent_.find(position); frame.bytes) return frame;
  Result<std::shared_ptr<const OpenSegment>> segment = table_.open(position.segment);
  if (!segment) return segment.take_error();
  if (position.generation != 0 && position.generation != (*segment)->header.generation()) {
    return Error{ErrorCode::kNotFound, table_.path(position.segment) + " was rewritten"};
  }
  io::File& file = *(*segment)->file;
  Result<std::string> read = file.read_at(position.offset, kReadAheadBytes);
  if (!read) return read.take_error();
  const bool whole_header = read->size() >= kFrameHeaderBytes;
  const size_t payload = whole_header ? frame_payload_bytes(*read) : 0;
  if (payload <= kFrameBytesMax && kFrameHeaderBytes + payload > read->size()) {
    read = file.read_at(position.offset, kFrameHeaderBytes + payload);
    if (!read) return read.take_error();
  }
  auto bytes = std::make_shared<const std::string>(read.take());
  std::optional<FrameView> frame = decode_frame(*bytes, (*segment)->header.mask());
  if (!frame) {
    return Error{ErrorCode::kCorruption, table_.path(position.segment) +
                                             " holds no whole frame at byte " +
                                             std::to_string(position.offset)};
  }
  frame->position = position;
  return OwnedFrame{std::move(bytes), *frame};
}

Result<> FileJournal::check_sealed(uint64_t id) const {
  const std::optional<SegmentInfo> info = table_.info(id);
  if (!info) return Error{ErrorCode::kNotFound, table_.path(id) + " isn't in the log"};
  if (info->sealed) return {};
  return Error{ErrorCode::kInvalidArgument, table_.path(id) + " is still being written"};
}

Result<> FileJournal::remove_segment(uint64_t id) {
  if (Result<> sealed = check_sealed(id); !sealed) return sealed;
  if (id == table_.infos().front().id) {
    uint64_t end = id + 1;
    while (table_.info(end).value_or(SegmentInfo{}).is_empty()) ++end;
    return remove_beginning(end);
  }
  if (table_.info(id)->is_empty()) return {};
  return rewrite_segment(id, nullptr, [](Position, Position) {});
}

// Has the log begin with segment `end`. EPOCH says so first: whatever a crash leaves in front of it
// goes at the next opening.
Result<> FileJournal::remove_beginning(uint64_t end) {
  const std::lock_guard lock(log_mutex_);
  if (record_.first_segment != 0) record_.first_segment = end;
  if (Result<> written = write_epoch(); !written) return written;
  for (const SegmentInfo& segment : table_.infos()) {
    if (segment.id >= end) break;
    if (Result<> removed = disk_.remove(table_.path(segment.id)); !removed) return removed;
    table_.erase(segment.id);
    recent_.forget_segment(segment.id);
  }
  return disk_.sync_directory(options_.directory);
}

Result<> FileJournal::write_epoch() {
  return write_epoch_file(disk_, options_.directory, record_);
}

Result<> FileJournal::rewrite_segment(uint64_t id,
                                      const std::function<bool(const FrameView&)>& keep,
                                      const std::function<void(Position, Position)>& moved) {
  if (Result<> sealed = check_sealed(id); !sealed) return sealed;
  SegmentRewriter rewriter(disk_, random_, options_.directory, table_);
  if (Result<> written = rewriter.write(id, keep); !written) return written;
  recent_.forget_segment(id);
  if (Result<> placed = rewriter.put_in_place(); !placed) return placed;
  for (const auto& [from, to] : rewriter.moves()) moved(from, to);
  return disk_.sync_directory(options_.directory);
}

Result<> FileJournal::visit_segment(uint64_t id,
                                    const std::function<Result<>(const FrameView&)>& visit) {
  return table_.visit(id, Position{}, visit);
}

// What came while the disk thread ended, in front of what finds the journal closed.
void FileJournal::append_last() {
  std::vector<Submission> batch;
  for (;;) {
    {
      std::lock_guard lock(queue_mutex_);
      batch = std::exchange(queue_, {});
      closed_ = batch.empty();
    }
    if (batch.empty()) return;
    append_batch(std::move(batch));
  }
}

void FileJournal::close() {
  {
    std::lock_guard lock(queue_mutex_);
    if (closing_) return;
    closing_ = true;
  }
  preparer_.stop();
  if (!disk_worker_) return;  // never started
  disk_worker_->stop();
  append_last();
  if (!poisoned().empty()) return;
  Result<uint64_t> last_group = appender_.finish();
  if (!last_group) return poison(last_group.error());
  const std::lock_guard lock(log_mutex_);
  record_.durable_through = *last_group;
  if (Result<> written = write_epoch(); !written) poison(written.error());
}

}  // namespace millstream::journal
