#include "journal/recovery.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "journal/epoch_file.h"
#include "journal/segment_scanner.h"

namespace millstream::journal {
namespace {

constexpr size_t kZeroChunkBytes = 1u << 20;

struct GroupPlace {
  uint64_t offset;
  uint64_t number;
  size_t bytes;
};

class Recovery {
 public:
  Recovery(io::Disk& disk, const std::string& directory) : disk_(disk), directory_(directory) {}

  Result<RecoveredLog> run() {
    if (Result<> read = read_epoch(); !read) return read.take_error();
    if (Result<> listed = list_segments(); !listed) return listed.take_error();
    if (log_.segments.empty()) {
      if (proven_ == 0) return std::move(log_);
      return Error{ErrorCode::kCorruption, directory_ + " has lost its segments"};
    }
    if (!known_epoch_) return Error{ErrorCode::kCorruption, directory_ + "/EPOCH is missing"};
    if (Result<> whole = look_for_gaps(); !whole) return whole.take_error();
    if (Result<> mended = mend_last_segment(); !mended) return mended.take_error();
    for (const uint64_t id : left_over_) {
      if (Result<> removed = disk_.remove(path(id)); !removed) return removed.take_error();
    }
    return std::move(log_);
  }

 private:
  [[nodiscard]] std::string path(uint64_t id) const {
    return directory_ + "/" + segment_file_name(id);
  }
  [[nodiscard]] Error damaged(uint64_t segment, uint64_t offset, const std::string& what) const {
    return {ErrorCode::kCorruption,
            path(segment) + " is damaged at byte " + std::to_string(offset) + ": " + what};
  }

  Result<> read_epoch() {
    Result<std::optional<EpochRecord>> record = read_epoch_file(disk_, directory_);
    if (!record) return record.take_error();
    known_epoch_ = record->has_value();
    const EpochRecord known = record->value_or(EpochRecord{});
    log_.epoch = known.epoch;
    log_.first_segment = known.first_segment;
    proven_ = known.durable_through;
    return {};
  }

  Result<> list_segments() {
    Result<std::vector<std::string>> names = disk_.list(directory_);
    if (!names) return names.take_error();
    for (const std::string& name : *names) {
      const std::optional<uint64_t> id = parse_segment_file_name(name);
      if (!id) continue;
      if (*id < log_.first_segment) {
        left_over_.push_back(*id);
      } else if (Result<> read = read_header(*id); !read) {
        return read;
      }
    }
    return {};
  }

  // Removed segments leave no gap: only the log's beginning moves on.
  Result<> look_for_gaps() {
    const bool is_old = log_.first_segment == 0;
    uint64_t expected = is_old ? log_.segments.front().header.id : log_.first_segment;
    const uint64_t first = expected;
    for (const RecoveredSegment& segment : log_.segments) {
      if (segment.header.id != expected && is_old) return {};
      if (segment.header.id != expected) {
        return Error{ErrorCode::kCorruption,
                     path(expected) + " is missing: the log begins with segment " +
                         std::to_string(first) + " and goes on behind this one"};
      }
      ++expected;
    }
    log_.first_segment = first;
    return {};
  }

  Result<> read_header(uint64_t id) {
    Result<std::unique_ptr<io::File>> file = disk_.open(path(id), io::OpenMode::kRead);
    if (!file) return file.take_error();
    Result<std::string> bytes = (*file)->read_at(0, kSegmentHeaderBytes);
    if (!bytes) return bytes.take_error();
    const std::optional<SegmentHeader> header = decode_segment_header(*bytes);
    if (!header && segment_header_version(*bytes) > kSegmentFormat) {
      return Error{ErrorCode::kUnsupported, path(id) + " was written by a later Millstream"};
    }
    if (!header || header->id != id) return damaged(id, 0, "this isn't its segment header");
    Result<uint64_t> size = (*file)->size();
    if (!size) return size.take_error();
    log_.segments.push_back({*header, *size});
    prove(header->first_group - 1);  // earlier segments are synced before one is made
    return {};
  }

  Result<> mend_last_segment() {
    RecoveredSegment& last = log_.segments.back();
    Result<std::unique_ptr<io::File>> file =
        disk_.open(path(last.header.id), io::OpenMode::kReadWrite);
    if (!file) return file.take_error();
    SegmentScanner scanner(**file, last.header, last.bytes);
    if (Result<> scanned = scan_groups(scanner); !scanned) return scanned;
    Result<uint64_t> proof = scanner.newest_proof_behind();
    if (!proof) return proof.take_error();
    prove(*proof);
    if (proven_ >= scanner.expected_number()) {
      return damaged(last.header.id, scanner.offset(),
                     "group " + std::to_string(scanner.expected_number()) +
                         " should stand here, for the log was durable up to group " +
                         std::to_string(proven_));
    }
    log_.last_group = scanner.expected_number() - 1;
    last.bytes = scanner.offset();
    if (Result<> written = write_unproven_again(**file); !written) return written;
    if (Result<> zeroed = zero_from(**file, scanner.offset()); !zeroed) return zeroed;
    return (*file)->sync();
  }

  Result<> scan_groups(SegmentScanner& scanner) {
    for (;;) {
      Result<std::optional<ScannedGroup>> next = scanner.next();
      if (!next) return next.take_error();
      if (!*next) return {};
      const ScannedGroup& group = **next;
      prove(group.header.synced_through);
      unproven_.push_back({group.offset, group.header.number, group.bytes.size()});
    }
  }

  void prove(uint64_t group) {
    if (group <= proven_) return;
    proven_ = group;
    std::erase_if(unproven_, [this](const GroupPlace& at) { return at.number <= proven_; });
  }

  // A failed sync of an earlier process may have left groups that can be read but aren't on the
  // disk and that no sync would write any more.
  Result<> write_unproven_again(io::File& file) const {
    for (const GroupPlace& place : unproven_) {
      Result<std::string> bytes = file.read_at(place.offset, place.bytes);
      if (!bytes) return bytes.take_error();
      if (Result<> written = file.write_at(place.offset, *bytes); !written) return written;
    }
    return {};
  }

  // Zeroes what isn't zero from `offset` to the end of the file.
  static Result<> zero_from(io::File& file, uint64_t offset) {
    Result<uint64_t> size = file.size();
    if (!size) return size.take_error();
    for (uint64_t at = offset; at < *size;) {
      const auto chunk = static_cast<size_t>(std::min<uint64_t>(kZeroChunkBytes, *size - at));
      Result<std::string> bytes = file.read_at(at, chunk);
      if (!bytes) return bytes.take_error();
      if (bytes->find_first_not_of('\0') != std::string::npos) {
        const std::string zeros(bytes->size(), '\0');
        if (Result<> written = file.write_at(at, zeros); !written) return written;
      }
      at += chunk;
    }
    return {};
  }

  io::Disk& disk_;
  const std::string& directory_;
  RecoveredLog log_;
  bool known_epoch_ = false;
  std::vector<uint64_t> left_over_;   // segments in front of the log's first
  uint64_t proven_ = 0;               // the newest group that something says was durable
  std::vector<GroupPlace> unproven_;  // whole groups of which nothing says so
};

}  // namespace

Result<RecoveredLog> recover_log(io::Disk& disk, const std::string& directory) {
  Recovery recovery(disk, directory);
  return recovery.run();
}

}  // namespace millstream::journal
