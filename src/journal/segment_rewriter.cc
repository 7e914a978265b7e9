#include "journal/segment_rewriter.h"

namespace millstream::journal {
namespace {

constexpr size_t kGroupBytesWanted = 1u
                                     << 20;  // frames are collected into groups of about this size

}  // namespace

SegmentRewriter::SegmentRewriter(io::Disk& disk, Random& random, std::string directory,
                                 SegmentTable& table)
    : disk_(disk), directory_(std::move(directory)), table_(table) {
  header_.salt = random.next_u64();
  mask_ = header_.mask();
}

std::string SegmentRewriter::temporary_path() const {
  return directory_ + "/REWRITE";
}

Result<> SegmentRewriter::write(uint64_t id, const std::function<bool(const FrameView&)>& keep) {
  Result<std::shared_ptr<const OpenSegment>> source = table_.open(id);
  if (!source) return source.take_error();
  header_.id = id;
  header_.epoch = (*source)->header.epoch;
  header_.first_group = group_number_ = (*source)->header.first_group;
  Result<bool> left_over = disk_.exists(temporary_path());
  if (!left_over) return left_over.take_error();
  if (*left_over) {
    if (Result<> removed = disk_.remove(temporary_path()); !removed) return removed;
  }
  Result<std::unique_ptr<io::File>> file = disk_.open(temporary_path(), io::OpenMode::kCreateNew);
  if (!file) return file.take_error();
  file_ = file.take();
  if (keep) {
    Result<> copied = table_.visit(id, Position{}, [&](const FrameView& frame) -> Result<> {
      if (!keep(frame)) return {};
      return add(frame);
    });
    if (!copied) return copied;
  }
  if (Result<> written = write_group(); !written) return written;
  header_.rewritten_bytes = written_to_;
  if (Result<> headed = file_->write_at(0, encode_segment_header(header_)); !headed) return headed;
  return file_->sync();
}

Result<> SegmentRewriter::add(const FrameView& frame) {
  const size_t at = group_.size();
  moves_.emplace_back(frame.position, Position{header_.id, static_cast<uint32_t>(written_to_ + at),
                                               header_.generation()});
  group_.begin_frame(frame.lane, frame.epoch, frame.number);
  group_.buffer()->append(frame.payload);
  group_.end_frame();
  if (group_.size() < kGroupBytesWanted) return {};
  return write_group();
}

Result<> SegmentRewriter::write_group() {
  if (group_.frame_count() == 0) return {};
  GroupHeader header;
  header.number = group_number_++;
  header.synced_through = header_.first_group - 1;
  header.epoch = header_.epoch;
  std::string bytes = GroupSealer::seal(std::exchange(group_, Group()), header, mask_);
  bytes.resize(align_group(bytes.size()));
  if (Result<> written = file_->write_at(written_to_, bytes); !written) return written;
  written_to_ += bytes.size();
  return {};
}

Result<> SegmentRewriter::put_in_place() {
  Result<> named = disk_.rename(temporary_path(), table_.path(header_.id));
  if (!named) return named;
  table_.set({header_.id, written_to_, true, header_.salt, true});
  return {};
}

}  // namespace millstream::journal
