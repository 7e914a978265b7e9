#include "lanes/segment_indexes.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include "journal/epoch_file.h"
#include "lanes/index_builder.h"

namespace millstream::lanes {
namespace {

constexpr std::string_view kEnding = ".index";
constexpr const char* kTemporaryName = "NEW";

std::string name_of(uint64_t segment) {
  return fmt::format("{:020}{}", segment, kEnding);
}

std::optional<uint64_t> parse_name(std::string_view name) {
  uint64_t segment = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), segment);
  if (error != std::errc() || name != name_of(segment)) return std::nullopt;
  return segment;
}

// Whether another file would be as good as a new one.
bool must_be_made(const Error& error) {
  return error.code == ErrorCode::kNotFound || error.code == ErrorCode::kCorruption;
}

}  // namespace

std::string SegmentIndexes::path(uint64_t segment) const {
  return directory_ + "/" + name_of(segment);
}

Result<> SegmentIndexes::open() {
  if (Result<> made = disk_.make_directories(directory_); !made) return made;
  Result<std::vector<std::string>> names = disk_.list(directory_);
  if (!names) return names.take_error();
  std::set<uint64_t> segments;
  for (const journal::SegmentInfo& segment : journal_.segments()) {
    if (!segment.is_empty()) segments.insert(segment.id);
  }
  for (const std::string& name : *names) {
    const std::optional<uint64_t> segment = parse_name(name);
    if (segment && segments.contains(*segment)) continue;
    if (Result<> removed = disk_.remove(directory_ + "/" + name); !removed) return removed;
  }
  return {};
}

SegmentIndexes::Index SegmentIndexes::find_open(const journal::SegmentInfo& segment) {
  const std::lock_guard lock(mutex_);
  const auto found = open_.find(segment.id);
  if (found == open_.end()) return nullptr;
  if (found->second.index->generation() != segment.generation) return nullptr;
  found->second.last_used = ++uses_;
  return found->second.index;
}

void SegmentIndexes::forget(uint64_t segment) {
  const std::lock_guard lock(mutex_);
  open_.erase(segment);
}

Result<SegmentIndexes::Index> SegmentIndexes::open_file(const journal::SegmentInfo& segment) {
  if (Index index = find_open(segment)) return index;
  Result<Index> index = IndexFile::open(disk_, path(segment.id), segment.id, segment.generation);
  if (!index) return index;
  const std::lock_guard lock(mutex_);
  open_.insert_or_assign(segment.id, Cached{*index, ++uses_});
  if (open_.size() > kOpenFilesMax) {
    open_.erase(std::min_element(open_.begin(), open_.end(), [](const auto& a, const auto& b) {
      return a.second.last_used < b.second.last_used;
    }));
  }
  return index;
}

// With making_mutex_.
Result<SegmentIndexes::Made> SegmentIndexes::make(const journal::SegmentInfo& segment,
                                                  const Contents& known) {
  Result<SegmentContents> contents =
      known ? Result<SegmentContents>(known()) : read_segment_contents(journal_, segment);
  if (!contents) return contents.take_error();
  std::string bytes = encode_index_file(*contents);
  forget(segment.id);
  Result<> written =
      journal::replace_file(disk_, directory_, name_of(segment.id), kTemporaryName, bytes);
  if (written) {
    Result<Index> index = open_file(segment);
    if (index) return Made{index.take(), {}};
    written = index.take_error();
  }
  return Made{IndexFile::of_bytes(std::move(bytes)), std::move(written)};
}

Result<SegmentIndexes::Made> SegmentIndexes::find_or_make(const journal::SegmentInfo& segment,
                                                          const Contents& contents) {
  Result<Index> index = open_file(segment);
  if (index) return Made{index.take(), {}};
  if (!must_be_made(index.error())) return index.take_error();
  const std::lock_guard one_at_a_time(making_mutex_);
  index = open_file(segment);
  if (index) return Made{index.take(), {}};
  if (index.error().code == ErrorCode::kCorruption) spdlog::warn("{}", index.error().message);
  return make(segment, contents);
}

Result<SegmentIndexes::Index> SegmentIndexes::get(const journal::SegmentInfo& segment) {
  Result<Made> made = find_or_make(segment, nullptr);
  if (!made) return made.take_error();
  if (!made->written) {
    spdlog::warn("the index of segment {} can't be kept: {}", segment.id,
                 made->written.error().message);
  }
  return std::move(made->index);
}

Result<SegmentIndexes::Index> SegmentIndexes::keep(const journal::SegmentInfo& segment,
                                                   const Contents& contents) {
  Result<Made> made = find_or_make(segment, contents);
  if (!made) return made.take_error();
  if (!made->written) return made->written.take_error();
  return std::move(made->index);
}

Result<SegmentIndexes::Index> SegmentIndexes::make_again(const journal::SegmentInfo& segment) {
  spdlog::warn("the index of segment {} is damaged and is made again", segment.id);
  const std::lock_guard one_at_a_time(making_mutex_);
  Result<Made> made = make(segment, nullptr);
  if (!made) return made.take_error();
  return std::move(made->index);
}

Result<> SegmentIndexes::remove(uint64_t segment) {
  const std::lock_guard one_at_a_time(making_mutex_);
  forget(segment);
  Result<> removed = disk_.remove(path(segment));
  if (!removed && removed.error().code != ErrorCode::kNotFound) return removed;
  return {};
}

}  // namespace millstream::lanes
