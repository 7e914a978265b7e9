#include "journal/log_appender.h"

#include <algorithm>
#include <utility>

#include "base/check.h"

namespace millstream::journal {
namespace {

constexpr char kZeros[kGroupAlignment] = {};

// Whether another try may go well without anybody mending the disk.
bool may_pass(const Error& error) {
  return error.code == ErrorCode::kNoSpace || error.code == ErrorCode::kNoResources;
}

}  // namespace

LogAppender::LogAppender(const Parts& parts, const JournalOptions& options, const RecoveredLog& log,
                         uint32_t epoch)
    : parts_(parts),
      directory_(options.directory),
      segment_bytes_(options.segment_bytes),
      sync_(options.durability == Durability::kFsync),
      epoch_(epoch),
      next_group_(log.last_group + 1),
      synced_through_(log.last_group) {}

Result<> LogAppender::start(const RecoveredLog& log) {
  if (log.segments.empty()) {
    Result<SpareSegment> spare = parts_.preparer.take_spare();
    if (!spare) return spare.take_error();
    return begin_segment(spare.take());
  }
  const RecoveredSegment& last = log.segments.back();
  Result<std::unique_ptr<io::File>> file =
      parts_.disk.open(parts_.table.path(last.header.id), io::OpenMode::kReadWrite);
  if (!file) return file.take_error();
  Result<uint64_t> size = (*file)->size();
  if (!size) return size.take_error();
  file_ = file.take();
  if (sync_) file_->write_past_cache();
  segment_ = last.header.id;
  generation_ = last.header.salt;
  mask_ = last.header.mask();
  file_bytes_ = *size;
  publish_end(last.bytes);
  return parts_.preparer.attach(parts_.table.path(segment_), written_to_, written_to_, file_bytes_);
}

Position LogAppender::end() const {
  std::lock_guard lock(end_mutex_);
  return end_;
}

void LogAppender::publish_end(uint64_t offset) {
  written_to_ = sealed_to_ = offset;
  parts_.table.set({segment_, offset, false, generation_});
  std::lock_guard lock(end_mutex_);
  end_ = {segment_, static_cast<uint32_t>(offset)};
}

bool LogAppender::fits(const Group& group) const {
  return sealed_to_ + align_group(group.size()) <= file_bytes_;
}

Result<> LogAppender::append(std::vector<Submission>& batch) {
  std::vector<Submission> waiting = std::exchange(batch, {});
  Result<> outcome;
  for (Submission& submission : waiting) {
    if (!outcome) {
      batch.push_back(std::move(submission));
      continue;
    }
    std::optional<Error> refused = refusal(submission.group);
    // What comes before a new segment or a refusal is written and reported first.
    if (refused || !fits(submission.group)) outcome = write_and_report(batch);
    if (outcome && !refused && !fits(submission.group)) outcome = make_room(&refused);
    if (outcome && refused) {
      refuse(submission, *std::move(refused));
      continue;
    }
    batch.push_back(std::move(submission));
    if (outcome) seal(batch.back());
  }
  return outcome ? write_and_report(batch) : outcome;
}

Result<> LogAppender::write_and_report(std::vector<Submission>& batch) {
  if (Result<> written = write_sealed(); !written) return written;
  report_sealed(batch);
  return {};
}

// Goes on in a new segment; says in `refused` if there is none for now.
Result<> LogAppender::make_room(std::optional<Error>* refused) {
  Result<SpareSegment> spare = parts_.preparer.take_spare();
  if (spare) return begin_segment(spare.take());
  if (!may_pass(spare.error())) return spare.take_error();
  *refused = spare.take_error();
  return {};
}

std::optional<Error> LogAppender::refusal(const Group& group) const {
  if (align_group(group.size()) > segment_bytes_ - kFirstGroupOffset) {
    return Error{ErrorCode::kInvalidArgument, "a group is larger than a segment of the log"};
  }
  if (refused_first_.empty()) return std::nullopt;
  bool behind_a_gap = false;
  GroupSealer::visit_frames(group, [&](LaneId lane, uint64_t number) {
    const auto found = refused_first_.find(lane);
    behind_a_gap |= found != refused_first_.end() && number > found->second;
  });
  if (!behind_a_gap) return std::nullopt;
  return Error{ErrorCode::kNoSpace, "an earlier change of the same lane found no segment"};
}

void LogAppender::refuse(Submission& submission, Error error) {
  GroupSealer::visit_frames(submission.group, [&](LaneId lane, uint64_t number) {
    const auto [at, inserted] = refused_first_.try_emplace(lane, number);
    if (!inserted) at->second = std::min(at->second, number);
  });
  submission.done(std::move(error));
}

void LogAppender::forget_refusals(const Group& group) {
  if (refused_first_.empty()) return;
  GroupSealer::visit_frames(group, [&](LaneId lane, uint64_t) { refused_first_.erase(lane); });
}

void LogAppender::seal(Submission& submission) {
  forget_refusals(submission.group);
  GroupHeader header;
  header.number = next_group_++;
  header.synced_through = synced_through_;
  header.epoch = epoch_;
  std::string bytes = GroupSealer::seal(std::move(submission.group), header, mask_);
  const uint64_t offset = sealed_to_;
  sealed_to_ += align_group(bytes.size());
  sealed_.push_back({std::move(bytes), offset});
}

Result<> LogAppender::write_sealed() {
  if (sealed_.empty()) return {};
  std::vector<std::string_view> pieces;
  pieces.reserve(sealed_.size() * 2);
  for (const Sealed& group : sealed_) {
    pieces.push_back(group.bytes);
    pieces.push_back({kZeros, align_group(group.bytes.size()) - group.bytes.size()});
  }
  parts_.preparer.before_write(sealed_to_);
  if (Result<> written = file_->write_all_at(written_to_, pieces); !written) return written;
  if (!sync_) return {};
  if (Result<> synced = file_->sync(); !synced) return synced;
  synced_through_ = next_group_ - 1;
  return {};
}

void LogAppender::report_sealed(std::vector<Submission>& batch) {
  CHECK(sealed_.size() == batch.size());
  if (sealed_.empty()) return;
  std::vector<CommittedGroup> committed;
  committed.reserve(sealed_.size());
  for (Sealed& group : sealed_) {
    committed.push_back(
        {{segment_, static_cast<uint32_t>(group.offset), static_cast<uint32_t>(generation_)},
         parts_.buffers.share(std::move(group.bytes))});
    parts_.recent.add(committed.back());
  }
  sealed_.clear();
  publish_end(sealed_to_);
  for (size_t i = 0; i < batch.size(); ++i) batch[i].done(std::move(committed[i]));
  batch.clear();
}

Result<> LogAppender::begin_segment(SpareSegment spare) {
  if (segment_ != 0) {
    if (Result<> sealed = seal_segment(); !sealed) return sealed;
  }
  Result<SegmentHeader> header = install(spare, segment_ + 1);
  if (!header) return header.take_error();
  file_ = std::move(spare.file);
  segment_ = header->id;
  generation_ = header->salt;
  mask_ = header->mask();
  file_bytes_ = segment_bytes_;
  publish_end(kFirstGroupOffset);
  return parts_.preparer.attach(parts_.table.path(segment_), written_to_, spare.zeroed_to,
                                file_bytes_);
}

// A segment's existence says that everything in earlier ones is durable.
Result<> LogAppender::seal_segment() {
  if (Result<> synced = file_->sync(); !synced) return synced;
  synced_through_ = next_group_ - 1;
  if (Result<> cut = file_->truncate(written_to_); !cut) return cut;
  parts_.table.set({segment_, written_to_, true, generation_});
  return {};
}

Result<SegmentHeader> LogAppender::install(SpareSegment& spare, uint64_t id) {
  SegmentHeader header;
  header.id = id;
  header.salt = parts_.random.next_u64();
  header.first_group = next_group_;
  header.epoch = epoch_;
  std::string sector = encode_segment_header(header);
  sector.resize(kFirstGroupOffset, '\0');
  if (Result<> w = spare.file->write_at(0, sector); !w) return w.take_error();
  if (Result<> synced = spare.file->sync(); !synced) return synced.take_error();
  Result<> named = parts_.disk.rename(parts_.preparer.spare_path(), parts_.table.path(id));
  if (!named) return named.take_error();
  if (Result<> kept = parts_.disk.sync_directory(directory_); !kept) return kept.take_error();
  return header;
}

Result<uint64_t> LogAppender::finish() {
  if (Result<> synced = file_->sync(); !synced) return synced.take_error();
  synced_through_ = next_group_ - 1;
  return synced_through_;
}

}  // namespace millstream::journal
