#include "journal/inspection.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "journal/segment_scanner.h"

namespace millstream::journal {
namespace {

class Inspection {
 public:
  Inspection(io::Disk& disk, const std::string& directory) : disk_(disk), directory_(directory) {}

  Result<LogReport> run() {
    if (Result<> read = read_epoch(); !read) return read.take_error();
    Result<std::vector<uint64_t>> ids = list_segments();
    if (!ids) return ids.take_error();
    if (ids->empty() && report_.left_over.empty() && !epoch_exists_) {
      return Error{ErrorCode::kNotFound, directory_ + " holds no log"};
    }
    look_for_gaps(*ids);
    if (!ids->empty()) last_id_ = ids->back();
    for (const uint64_t id : *ids) {
      if (Result<> read = read_header(id); !read) return read.take_error();
    }
    for (size_t i = 0; i < report_.segments.size(); ++i) {
      if (Result<> read = read_groups(i); !read) return read.take_error();
    }
    sort_damages();
    return std::move(report_);
  }

 private:
  [[nodiscard]] std::string path(uint64_t id) const {
    return directory_ + "/" + segment_file_name(id);
  }
  void damaged(std::string file, uint64_t offset, std::string what) {
    report_.damages.push_back({std::move(file), offset, std::move(what)});
  }

  Result<> read_epoch() {
    Result<std::optional<EpochRecord>> record = read_epoch_file(disk_, directory_);
    epoch_exists_ = !record || record->has_value();
    if (record) {
      report_.epoch = *record;
      return {};
    }
    if (record.error().code != ErrorCode::kCorruption) return record.take_error();
    damaged(directory_ + "/EPOCH", 0, "its checksum doesn't hold");
    return {};
  }

  // The log's segments; files in front of its beginning go to the report.
  Result<std::vector<uint64_t>> list_segments() {
    Result<std::vector<std::string>> names = disk_.list(directory_);
    if (!names) return names.take_error();
    const uint64_t first = report_.epoch ? report_.epoch->first_segment : 0;
    std::vector<uint64_t> ids;
    for (const std::string& name : *names) {
      const std::optional<uint64_t> id = parse_segment_file_name(name);
      if (!id) continue;
      if (*id < first) {
        report_.left_over.push_back(directory_ + "/" + name);
      } else {
        ids.push_back(*id);
      }
    }
    if (!ids.empty() && !epoch_exists_) damaged(directory_ + "/EPOCH", 0, "it is missing");
    return ids;
  }

  void look_for_gaps(const std::vector<uint64_t>& ids) {
    if (!report_.epoch || report_.epoch->first_segment == 0) return;
    uint64_t expected = report_.epoch->first_segment;
    for (const uint64_t id : ids) {
      for (; expected < id; ++expected) damaged(path(expected), 0, "it is missing");
      ++expected;
    }
    if (ids.empty() && report_.epoch->durable_through > 0)
      damaged(path(expected), 0, "it is missing");
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
    if (!header || header->id != id) {
      damaged(path(id), 0, "this isn't its segment header");
      return {};
    }
    Result<uint64_t> size = (*file)->size();
    if (!size) return size.take_error();
    SegmentReport segment;
    segment.header = *header;
    segment.file_bytes = *size;
    report_.segments.push_back(std::move(segment));
    return {};
  }

  Result<> read_groups(size_t index) {
    SegmentReport& segment = report_.segments[index];
    Result<std::unique_ptr<io::File>> file =
        disk_.open(path(segment.header.id), io::OpenMode::kRead);
    if (!file) return file.take_error();
    SegmentScanner scanner(**file, segment.header, segment.file_bytes);
    uint64_t proven = std::max(report_.epoch.value_or(EpochRecord{}).durable_through,
                               segment.header.first_group - 1);
    for (;;) {
      Result<std::optional<ScannedGroup>> next = scanner.next();
      if (!next) return next.take_error();
      if (!*next) break;
      proven = std::max(proven, (**next).header.synced_through);
      if (Result<> counted = count(**next, segment); !counted) return counted;
    }
    segment.used_bytes = scanner.offset();
    Result<uint64_t> behind = scanner.newest_proof_behind();
    if (!behind) return behind.take_error();
    Result<bool> rest_is_zero = scanner.rest_is_zero();
    if (!rest_is_zero) return rest_is_zero.take_error();
    if (ends_well(index, scanner, std::max(proven, *behind), *rest_is_zero)) {
      segment.torn_tail = !*rest_is_zero;
      return {};
    }
    segment.whole = false;
    damaged(path(segment.header.id), scanner.offset(),
            "group " + std::to_string(scanner.expected_number()) + " should stand here");
    return {};
  }

  // Whether nothing that was durable is missing where the scanner found no further group.
  [[nodiscard]] bool ends_well(size_t index, const SegmentScanner& scanner, uint64_t proven,
                               bool rest_is_zero) const {
    const SegmentHeader& header = report_.segments[index].header;
    if (header.rewritten_bytes != 0) return scanner.offset() == header.rewritten_bytes;
    if (header.id == last_id_) return proven < scanner.expected_number();
    if (index + 1 == report_.segments.size()) return rest_is_zero;
    const SegmentHeader& next = report_.segments[index + 1].header;
    if (next.id != header.id + 1) return rest_is_zero;  // nothing says with which group it ended
    return rest_is_zero && next.first_group == scanner.expected_number();
  }

  static Result<> count(const ScannedGroup& group, SegmentReport& segment) {
    ++segment.groups;
    segment.last_group = group.header.number;
    return visit_group_frames(group, segment.header, Position{}, [&](const FrameView& frame) {
      const auto [found, is_new] = segment.lanes.try_emplace(frame.lane);
      LaneFrames& lane = found->second;
      if (is_new) lane.first_number = frame.number;
      lane.last_number = frame.number;
      ++lane.frames;
      lane.payload_bytes += frame.payload.size();
      return Result<>();
    });
  }

  // EPOCH first, then the segments by their names.
  void sort_damages() {
    std::stable_sort(report_.damages.begin(), report_.damages.end(),
                     [](const Damage& a, const Damage& b) {
                       const bool a_is_segment = a.file.ends_with(".segment");
                       const bool b_is_segment = b.file.ends_with(".segment");
                       return std::tie(a_is_segment, a.file, a.offset) <
                              std::tie(b_is_segment, b.file, b.offset);
                     });
  }

  io::Disk& disk_;
  const std::string& directory_;
  LogReport report_;
  bool epoch_exists_ = false;
  uint64_t last_id_ = 0;  // of the segment that is appended to
};

}  // namespace

Result<LogReport> inspect_log(io::Disk& disk, const std::string& directory) {
  Inspection inspection(disk, directory);
  return inspection.run();
}

}  // namespace millstream::journal
