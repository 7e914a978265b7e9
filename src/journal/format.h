#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "journal/journal.h"

// The bytes of a segment file: docs/formats/journal.md. Reader and writer both go through here.
namespace millstream::journal {

inline constexpr uint64_t kGroupAlignment = io::kSectorBytes;
inline constexpr uint64_t kFirstGroupOffset = kGroupAlignment;  // the segment header's sector
inline constexpr size_t kSegmentHeaderBytes = 52;
inline constexpr size_t kGroupHeaderBytes = 40;
inline constexpr size_t kFrameHeaderBytes = 24;

constexpr uint64_t align_group(uint64_t bytes) {
  return (bytes + kGroupAlignment - 1) / kGroupAlignment * kGroupAlignment;
}

struct SegmentHeader {
  uint64_t id = 0;
  uint64_t salt = 0;             // random; every checksum in the segment depends on it
  uint64_t first_group = 0;      // the group to be written first; all before it are durable
  uint64_t rewritten_bytes = 0;  // a rewritten segment's length; 0 in one that is appended to
  uint32_t epoch = 0;

  [[nodiscard]] uint32_t mask() const;  // the salt as checksums take it in
  [[nodiscard]] uint32_t generation() const { return static_cast<uint32_t>(salt); }
};

inline constexpr uint32_t kSegmentFormat = 1;

std::string encode_segment_header(const SegmentHeader& header);
// Nothing if `bytes` doesn't begin with a whole, undamaged header of a version that we read.
std::optional<SegmentHeader> decode_segment_header(std::string_view bytes);
// The version of the whole, undamaged header with which `bytes` begins; else 0. Every version has
// its magic, its version and its checksum in the same places.
uint32_t segment_header_version(std::string_view bytes);

struct GroupHeader {
  uint64_t number = 0;          // rising by one through the log
  uint64_t synced_through = 0;  // the last group known durable when this one was written
  uint32_t frame_bytes = 0;     // of all frames, their headers included
  uint32_t frame_count = 0;
  uint32_t epoch = 0;

  // From the group's start to that of the next.
  [[nodiscard]] uint64_t stride() const { return align_group(kGroupHeaderBytes + frame_bytes); }
};

// Writes kGroupHeaderBytes at `to`. `mask` is the segment's.
void encode_group_header(const GroupHeader& header, uint32_t mask, char* to);
std::optional<GroupHeader> decode_group_header(std::string_view bytes, uint32_t mask);

// Writes kFrameHeaderBytes at `to`, in front of `payload_size` bytes that stand there already, with
// the checksum of a segment whose mask is 0.
void encode_frame_header(LaneId lane, uint32_t epoch, uint64_t number, size_t payload_size,
                         char* to);
// Changes a frame's checksum from one segment's mask to another's: their difference, exclusive or.
void remask_frame(uint32_t mask_difference, char* frame);

// The length of the payload that a frame header announces. `bytes` holds a whole header.
uint32_t frame_payload_bytes(std::string_view bytes);
// The frame at the front of `bytes`; its position is left to the caller. Nothing if it isn't whole
// or its checksum is wrong. The unchecked form looks only at the length.
std::optional<FrameView> decode_frame(std::string_view bytes, uint32_t mask);
std::optional<FrameView> decode_frame_unchecked(std::string_view bytes);

std::string segment_file_name(uint64_t id);
std::optional<uint64_t> parse_segment_file_name(std::string_view name);

}  // namespace millstream::journal
