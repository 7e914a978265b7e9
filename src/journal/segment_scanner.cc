#include "journal/segment_scanner.h"

#include <algorithm>
#include <utility>

#include "base/check.h"

namespace millstream::journal {
namespace {

constexpr size_t kWindowBytes = 1u << 20;

bool frames_are_whole(std::string_view bytes, const GroupHeader& header, uint32_t mask) {
  std::string_view rest = bytes.substr(kGroupHeaderBytes);
  for (uint32_t i = 0; i < header.frame_count; ++i) {
    const std::optional<FrameView> frame = decode_frame(rest, mask);
    if (!frame) return false;
    rest.remove_prefix(kFrameHeaderBytes + frame->payload.size());
  }
  return rest.empty();
}

bool is_zero(std::string_view bytes) {
  return bytes.find_first_not_of('\0') == std::string_view::npos;
}

}  // namespace

SegmentScanner::SegmentScanner(io::File& file, const SegmentHeader& header, uint64_t file_bytes)
    : file_(file),
      mask_(header.mask()),
      file_bytes_(file_bytes),
      expected_number_(header.first_group) {}

Result<std::string_view> SegmentScanner::view(uint64_t offset, size_t size) {
  const uint64_t left = offset < file_bytes_ ? file_bytes_ - offset : 0;
  size = static_cast<size_t>(std::min<uint64_t>(size, left));
  if (offset < window_offset_ || offset + size > window_offset_ + window_.size()) {
    const uint64_t wanted = std::min<uint64_t>(std::max(size, kWindowBytes), left);
    Result<std::string> read = file_.read_at(offset, static_cast<size_t>(wanted));
    if (!read) return read.take_error();
    window_ = read.take();
    window_offset_ = offset;
  }
  return std::string_view(window_).substr(static_cast<size_t>(offset - window_offset_), size);
}

std::optional<GroupHeader> SegmentScanner::header_at(std::string_view bytes) const {
  std::optional<GroupHeader> header = decode_group_header(bytes, mask_);
  if (!header) return std::nullopt;
  if (header->number != expected_number_) return std::nullopt;
  return header;
}

void SegmentScanner::step(const GroupHeader& header) {
  offset_ += header.stride();
  expected_number_ = header.number + 1;
}

Result<std::optional<ScannedGroup>> SegmentScanner::next() {
  Result<std::string_view> head = view(offset_, kGroupHeaderBytes);
  if (!head) return head.take_error();
  const std::optional<GroupHeader> header = header_at(*head);
  if (!header) return std::optional<ScannedGroup>();
  const size_t size = kGroupHeaderBytes + size_t{header->frame_bytes};
  Result<std::string_view> whole = view(offset_, size);
  if (!whole) return whole.take_error();
  if (whole->size() < size || !frames_are_whole(*whole, *header, mask_)) {
    return std::optional<ScannedGroup>();
  }
  ScannedGroup group{*header, offset_, *whole};
  step(*header);
  return std::optional<ScannedGroup>(group);
}

Result<> SegmentScanner::skip_to(uint64_t target) {
  for (;;) {
    Result<std::string_view> head = view(offset_, kGroupHeaderBytes);
    if (!head) return head.take_error();
    const std::optional<GroupHeader> header = header_at(*head);
    if (!header || offset_ + header->stride() > target) return {};
    step(*header);
  }
}

Result<uint64_t> SegmentScanner::newest_proof_behind() {
  uint64_t newest = 0;
  for (uint64_t at = offset_ + kGroupAlignment; at < file_bytes_; at += kGroupAlignment) {
    Result<std::string_view> head = view(at, kGroupHeaderBytes);
    if (!head) return head.take_error();
    const std::optional<GroupHeader> header = decode_group_header(*head, mask_);
    if (header) newest = std::max(newest, header->synced_through);
  }
  return newest;
}

Result<bool> SegmentScanner::rest_is_zero() {
  for (uint64_t at = offset_; at < file_bytes_;) {
    Result<std::string_view> bytes = view(at, kGroupAlignment);
    if (!bytes) return bytes.take_error();
    if (bytes->empty()) break;
    if (!is_zero(*bytes)) return false;
    at += bytes->size();
  }
  return true;
}

Result<> visit_group_frames(const ScannedGroup& group, const SegmentHeader& segment, Position from,
                            const std::function<Result<>(const FrameView&)>& visit) {
  for (size_t at = kGroupHeaderBytes; at < group.bytes.size();) {
    std::optional<FrameView> frame = decode_frame_unchecked(group.bytes.substr(at));
    CHECK(frame);  // the scanner has verified them
    frame->position = {segment.id, static_cast<uint32_t>(group.offset + at), segment.generation()};
    at += kFrameHeaderBytes + frame->payload.size();
    if (frame->position < from) continue;
    if (Result<> visited = visit(*frame); !visited) return visited;
  }
  return {};
}

}  // namespace millstream::journal
