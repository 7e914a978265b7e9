#include "journal/format.h"

#include <algorithm>
#include <charconv>

#include "base/coding.h"
#include "base/digest.h"

namespace millstream::journal {
namespace {

constexpr uint64_t kSegmentMagic = 0x314c4e524a4c4d00;  // "\0MLJRNL1"
constexpr uint32_t kGroupMagic = 0x50524721;            // "!GRP"
constexpr std::string_view kSuffix = ".segment";
constexpr size_t kIdDigits = 20;

constexpr size_t kSegmentChecksumAt = kSegmentHeaderBytes - 4;
constexpr size_t kGroupChecksumAt = kGroupHeaderBytes - 4;

// A frame's checksum before the mask: of everything behind the checksum itself.
uint32_t plain_frame_checksum(std::string_view frame) {
  return crc32c(frame.substr(4));
}

}  // namespace

uint32_t SegmentHeader::mask() const {
  std::string bytes;
  append_little(salt, &bytes);
  return crc32c(bytes);
}

std::string encode_segment_header(const SegmentHeader& header) {
  std::string bytes;
  append_little(kSegmentMagic, &bytes);
  append_little(kSegmentFormat, &bytes);
  append_little(header.epoch, &bytes);
  append_little(header.id, &bytes);
  append_little(header.salt, &bytes);
  append_little(header.first_group, &bytes);
  append_little(header.rewritten_bytes, &bytes);
  append_little(crc32c(bytes), &bytes);
  bytes.resize(kFirstGroupOffset);
  return bytes;
}

std::optional<SegmentHeader> decode_segment_header(std::string_view bytes) {
  if (segment_header_version(bytes) != kSegmentFormat) return std::nullopt;
  SegmentHeader header;
  header.epoch = load_little<uint32_t>(&bytes[12]);
  header.id = load_little<uint64_t>(&bytes[16]);
  header.salt = load_little<uint64_t>(&bytes[24]);
  header.first_group = load_little<uint64_t>(&bytes[32]);
  header.rewritten_bytes = load_little<uint64_t>(&bytes[40]);
  return header;
}

uint32_t segment_header_version(std::string_view bytes) {
  if (bytes.size() < kSegmentHeaderBytes) return 0;
  if (load_little<uint64_t>(bytes.data()) != kSegmentMagic) return 0;
  const uint32_t checksum = crc32c(bytes.substr(0, kSegmentChecksumAt));
  if (load_little<uint32_t>(&bytes[kSegmentChecksumAt]) != checksum) return 0;
  return load_little<uint32_t>(&bytes[8]);
}

void encode_group_header(const GroupHeader& header, uint32_t mask, char* to) {
  store_little(kGroupMagic, to);
  store_little(header.frame_bytes, to + 4);
  store_little(header.number, to + 8);
  store_little(header.synced_through, to + 16);
  store_little(header.frame_count, to + 24);
  store_little(header.epoch, to + 28);
  store_little(uint32_t{0}, to + 32);
  store_little(crc32c({to, kGroupChecksumAt}, mask), to + kGroupChecksumAt);
}

std::optional<GroupHeader> decode_group_header(std::string_view bytes, uint32_t mask) {
  if (bytes.size() < kGroupHeaderBytes) return std::nullopt;
  if (load_little<uint32_t>(bytes.data()) != kGroupMagic) return std::nullopt;
  if (load_little<uint32_t>(&bytes[kGroupChecksumAt]) !=
      crc32c(bytes.substr(0, kGroupChecksumAt), mask)) {
    return std::nullopt;
  }
  GroupHeader header;
  header.frame_bytes = load_little<uint32_t>(&bytes[4]);
  header.number = load_little<uint64_t>(&bytes[8]);
  header.synced_through = load_little<uint64_t>(&bytes[16]);
  header.frame_count = load_little<uint32_t>(&bytes[24]);
  header.epoch = load_little<uint32_t>(&bytes[28]);
  return header;
}

void encode_frame_header(LaneId lane, uint32_t epoch, uint64_t number, size_t payload_size,
                         char* to) {
  store_little(static_cast<uint32_t>(payload_size), to + 4);
  store_little(lane, to + 8);
  store_little(uint16_t{0}, to + 10);
  store_little(epoch, to + 12);
  store_little(number, to + 16);
  store_little(plain_frame_checksum({to, kFrameHeaderBytes + payload_size}), to);
}

void remask_frame(uint32_t mask_difference, char* frame) {
  store_little(load_little<uint32_t>(frame) ^ mask_difference, frame);
}

uint32_t frame_payload_bytes(std::string_view bytes) {
  return load_little<uint32_t>(&bytes[4]);
}

std::optional<FrameView> decode_frame_unchecked(std::string_view bytes) {
  if (bytes.size() < kFrameHeaderBytes) return std::nullopt;
  const uint32_t payload_size = frame_payload_bytes(bytes);
  if (bytes.size() - kFrameHeaderBytes < payload_size) return std::nullopt;
  FrameView frame;
  frame.lane = load_little<LaneId>(&bytes[8]);
  frame.epoch = load_little<uint32_t>(&bytes[12]);
  frame.number = load_little<uint64_t>(&bytes[16]);
  frame.payload = bytes.substr(kFrameHeaderBytes, payload_size);
  return frame;
}

std::optional<FrameView> decode_frame(std::string_view bytes, uint32_t mask) {
  std::optional<FrameView> frame = decode_frame_unchecked(bytes);
  if (!frame) return std::nullopt;
  const std::string_view whole = bytes.substr(0, kFrameHeaderBytes + frame->payload.size());
  const uint32_t stored = load_little<uint32_t>(bytes.data());
  if ((plain_frame_checksum(whole) ^ mask) != stored) return std::nullopt;
  return frame;
}

std::string segment_file_name(uint64_t id) {
  std::string digits = std::to_string(id);
  digits.insert(0, kIdDigits - digits.size(), '0');
  return digits.append(kSuffix);
}

std::optional<uint64_t> parse_segment_file_name(std::string_view name) {
  if (name.size() != kIdDigits + kSuffix.size() || !name.ends_with(kSuffix)) return std::nullopt;
  uint64_t id = 0;
  const char* end = name.data() + kIdDigits;
  const auto parsed = std::from_chars(name.data(), end, id);
  if (parsed.ec != std::errc() || parsed.ptr != end) return std::nullopt;
  return id;
}

}  // namespace millstream::journal
