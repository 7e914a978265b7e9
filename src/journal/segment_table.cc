#include "journal/segment_table.h"

#include <algorithm>
#include <utility>

#include "journal/segment_scanner.h"

namespace millstream::journal {

bool SegmentInfo::is_empty() const {
  return sealed && rewritten && bytes <= kFirstGroupOffset;
}

std::vector<SegmentInfo> SegmentTable::infos() const {
  std::lock_guard lock(mutex_);
  std::vector<SegmentInfo> infos;
  infos.reserve(infos_.size());
  for (const auto& [id, info] : infos_) infos.push_back(info);
  return infos;
}

std::optional<SegmentInfo> SegmentTable::info(uint64_t id) const {
  std::lock_guard lock(mutex_);
  const auto found = infos_.find(id);
  if (found == infos_.end()) return std::nullopt;
  return found->second;
}

void SegmentTable::set(const SegmentInfo& info) {
  std::lock_guard lock(mutex_);
  const auto found = infos_.find(info.id);
  if (found != infos_.end() && found->second.generation != info.generation) open_.erase(info.id);
  infos_.insert_or_assign(info.id, info);
}

void SegmentTable::erase(uint64_t id) {
  std::lock_guard lock(mutex_);
  infos_.erase(id);
  open_.erase(id);
}

Result<std::shared_ptr<const OpenSegment>> SegmentTable::open(uint64_t id) {
  uint64_t generation = 0;
  {
    std::lock_guard lock(mutex_);
    const auto listed = infos_.find(id);
    if (listed == infos_.end()) {
      return Error{ErrorCode::kNotFound, path(id) + " isn't in the log"};
    }
    generation = listed->second.generation;
    const auto found = open_.find(id);
    if (found != open_.end()) {
      found->second.last_used = ++uses_;
      return found->second.segment;
    }
  }
  Result<std::shared_ptr<const OpenSegment>> opened = open_file(id);
  if (!opened) return opened;
  std::lock_guard lock(mutex_);
  // Kept only if it is what is listed: it may have been replaced meanwhile.
  const auto listed = infos_.find(id);
  if (listed == infos_.end() || listed->second.generation != generation ||
      (*opened)->header.salt != generation) {
    return opened;
  }
  open_.insert_or_assign(id, Cached{*opened, ++uses_});
  if (open_.size() > kOpenFilesMax) {
    open_.erase(std::min_element(open_.begin(), open_.end(), [](const auto& a, const auto& b) {
      return a.second.last_used < b.second.last_used;
    }));
  }
  return opened;
}

Result<std::shared_ptr<const OpenSegment>> SegmentTable::open_file(uint64_t id) const {
  Result<std::unique_ptr<io::File>> file = disk_.open(path(id), io::OpenMode::kRead);
  if (!file) return file.take_error();
  Result<std::string> bytes = (*file)->read_at(0, kSegmentHeaderBytes);
  if (!bytes) return bytes.take_error();
  const std::optional<SegmentHeader> header = decode_segment_header(*bytes);
  if (!header || header->id != id) {
    return Error{ErrorCode::kCorruption, path(id) + " is damaged at byte 0: no segment header"};
  }
  return std::shared_ptr<const OpenSegment>(
      std::make_shared<OpenSegment>(OpenSegment{file.take(), *header}));
}

Result<std::optional<uint64_t>> SegmentTable::first_group_behind(uint64_t id) {
  if (!info(id + 1)) return std::optional<uint64_t>();
  Result<std::shared_ptr<const OpenSegment>> next = open(id + 1);
  if (!next) return next.take_error();
  return std::optional((*next)->header.first_group);
}

Result<> SegmentTable::visit(uint64_t id, Position from,
                             const std::function<Result<>(const FrameView&)>& visit) {
  const std::optional<SegmentInfo> info = this->info(id);
  Result<std::shared_ptr<const OpenSegment>> opened = open(id);
  if (!opened) return opened.take_error();
  io::File& file = *(*opened)->file;
  Result<uint64_t> file_bytes = file.size();
  if (!file_bytes) return file_bytes.take_error();
  const bool sealed = !info || info->sealed;
  const uint64_t end = sealed ? *file_bytes : info->bytes;
  SegmentScanner scanner(file, (*opened)->header, end);
  if (from.segment == id) {
    if (Result<> skipped = scanner.skip_to(from.offset); !skipped) return skipped;
  }
  for (;;) {
    Result<std::optional<ScannedGroup>> next = scanner.next();
    if (!next) return next.take_error();
    if (!*next) break;
    if (Result<> visited = visit_group_frames(**next, (*opened)->header, from, visit); !visited)
      return visited;
  }
  Result<bool> complete = scanner.offset() == end;
  if (sealed) complete = ends_where_it_should(**opened, scanner);
  if (!complete) return complete.take_error();
  if (*complete) return {};
  return Error{ErrorCode::kCorruption,
               path(id) + " is damaged at byte " + std::to_string(scanner.offset()) + ": group " +
                   std::to_string(scanner.expected_number()) + " should stand here"};
}

Result<bool> SegmentTable::ends_where_it_should(const OpenSegment& segment,
                                                SegmentScanner& scanner) {
  if (segment.header.rewritten_bytes != 0) {
    return scanner.offset() == segment.header.rewritten_bytes;
  }
  Result<std::optional<uint64_t>> behind = first_group_behind(segment.header.id);
  if (!behind) return behind.take_error();
  if (*behind && **behind != scanner.expected_number()) return false;
  return scanner.rest_is_zero();  // a crash may have come before the file was cut to its used part
}

}  // namespace millstream::journal
