#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "base/result.h"
#include "io/disk.h"
#include "io/workers.h"

namespace millstream::journal {

using LaneId = uint16_t;

// The most bytes that one frame may have, its header included. A group has to fit into a segment:
// whoever collects frames submits the group before it grows past kGroupBytesMax.
inline constexpr size_t kFrameBytesMax = 24u << 20;
inline constexpr size_t kGroupBytesMax = 32u << 20;

// Where a frame stands: its segment and the offset of its header in the segment's file. Ordered as
// the log is.
struct Position {
  uint64_t segment = 0;
  uint32_t offset = 0;
  // Of the segment's file: another one after each rewrite (the lower half of
  // SegmentInfo::generation). 0: not known, as for a mere place in the log.
  uint32_t generation = 0;
  auto operator<=>(const Position&) const = default;

  // The place `bytes` further on.
  [[nodiscard]] Position behind(size_t bytes) const {
    return {segment, offset + static_cast<uint32_t>(bytes), generation};
  }
};

// One frame as it is read back. `payload` is valid as long as the call or buffer that gave it.
struct FrameView {
  LaneId lane;
  uint32_t epoch;
  uint64_t number;  // per lane, rising by one
  Position position;
  std::string_view payload;
};

// Frames that a single thread collects to be made durable together. A lane writes its frame's
// payload straight into `buffer()`, so a byte is moved once.
//
//   group.begin_frame(lane, epoch, number);
//   append_varint(..., group.buffer());
//   group.end_frame();                  // or group.cancel_frame()
class Group {
 public:
  // In `buffer`'s memory; what it holds is gone.
  explicit Group(std::string buffer = {});
  void begin_frame(LaneId lane, uint32_t epoch, uint64_t number);
  [[nodiscard]] std::string* buffer() { return &bytes_; }
  // Where in buffer() the open frame's payload starts.
  [[nodiscard]] size_t payload_start() const;
  void end_frame();     // fills in length and checksum
  void cancel_frame();  // takes everything since begin_frame back
  [[nodiscard]] uint32_t frame_count() const { return frame_count_; }
  [[nodiscard]] size_t size() const { return bytes_.size(); }

 private:
  friend class GroupSealer;
  std::string bytes_;      // the group header's room, then whole frames
  size_t open_frame_ = 0;  // where its header stands; 0: none is open
  LaneId open_lane_ = 0;
  uint32_t open_epoch_ = 0;
  uint64_t open_number_ = 0;
  uint32_t frame_count_ = 0;
};

// A group that is durable: its bytes in memory and where they stand in the log. A frame whose
// header is at bytes[i] stands at base.behind(i).
struct CommittedGroup {
  Position base;
  std::shared_ptr<const std::string> bytes;
};

enum class Durability { kFsync, kNone };

struct JournalOptions {
  std::string directory;
  uint64_t segment_bytes = 64u << 20;
  Durability durability = Durability::kFsync;
  uint64_t recent_bytes_max = 64u << 20;  // newest groups kept in memory for readers at the tip
  // How far ahead of the last write the segment is filled with zeros, so that a sync needn't also
  // record that blocks are used now (docs/decisions/journal-preallocation.md). 0: not at all.
  uint64_t zero_ahead_bytes = 8u << 20;
};

struct SegmentInfo {
  uint64_t id;
  uint64_t bytes;  // used
  bool sealed;     // no more frames will be written to it
  uint64_t
      generation;  // another one after each rewrite_segment: positions kept elsewhere are stale
  bool rewritten = false;  // holds only a part of what was written to it

  // Whether nothing is left in it.
  [[nodiscard]] bool is_empty() const;
};

// The log: one physical sequence of segments for all lanes of a node (docs/formats/journal.md).
//
// Operation: lanes collect frames in Groups; `submit` hands a group over; the disk thread takes all
// groups that wait, writes them one after the other, syncs once, and reports each. A group is
// durable whole or not at all.
//
// Failure: the first failed write or sync poisons the journal. Nothing is acknowledged from then
// on; groups that waited and all later ones are reported with kUnavailable. Reading goes on.
//
// A shortage alone doesn't poison: a group that needs a new segment for which there is no room
// (kNoSpace), or no descriptor or memory (kNoResources), is reported with that, nothing of it is
// written, and it may be submitted again. So that no gap arises behind it, every later group with a
// higher number of one of its lanes is refused the same way, until the lane submits the refused
// number (or a lower one) again. A group that no segment can hold is refused likewise, with
// kInvalidArgument.
//
// Threads: `open` and `replay` before all others, `close` behind all but `submit`, `read` and
// `poisoned`; remove_segment and rewrite_segment one at a time; otherwise any thread.
class Journal {
 public:
  virtual ~Journal() = default;

  // Opens or makes the log in options.directory. Cuts a torn tail (zeroes it and syncs) and starts
  // a new epoch. Fails with kCorruption, naming segment and offset, when bytes that were durable
  // are damaged: a damaged group with a later group that was written after its sync.
  // The disk thread is one of `workers`.
  static Result<std::unique_ptr<Journal>> open(JournalOptions options, io::Disk& disk,
                                               io::Workers& workers, Random& random);

  // Calls `visit` for every frame at or after `from`, in log order. Before the first submit.
  // Stops at the first failure that `visit` returns, and returns it.
  virtual Result<> replay(Position from,
                          const std::function<Result<>(const FrameView&)>& visit) = 0;

  // This opening's epoch: larger than that of any earlier one; every frame written carries it.
  [[nodiscard]] virtual uint32_t epoch() const = 0;
  // Where the next group will stand (or later). Frames before it have been submitted.
  [[nodiscard]] virtual Position end() const = 0;

  // An empty group with memory for about `bytes`, perhaps of one that was there before.
  [[nodiscard]] virtual Group new_group(size_t bytes) = 0;
  // Makes `group` durable, then calls `done` on the disk thread: keep it short, post elsewhere.
  // After close, `done` is called with kUnavailable inside this call. Groups from one thread become
  // durable, and their `done`s are called, in the order of their submission, failures included.
  // With Durability::kNone `done` is called after the write without a sync.
  virtual void submit(Group group, std::function<void(Result<CommittedGroup>)> done) = 0;

  // Reads one frame, from memory or disk, and verifies its checksum. Blocks: not for reactors.
  // The frame's payload is inside `bytes`. Fails with kNotFound when the segment isn't there (any
  // more), or was rewritten since it had the position's generation; with kCorruption when no whole
  // frame stands at `position`.
  struct OwnedFrame {
    std::shared_ptr<const std::string> bytes;
    FrameView frame;
  };
  virtual Result<OwnedFrame> read(Position position) = 0;
  // The frame if it is still in memory; bytes == nullptr otherwise. Never blocks.
  virtual OwnedFrame recent(Position position) = 0;

  [[nodiscard]] virtual std::vector<SegmentInfo> segments() const = 0;
  // Deletes a sealed segment's frames; they can't be read any more. The log's first segment goes,
  // with the empty ones behind it; another one is left empty, so that a gap always means damage.
  virtual Result<> remove_segment(uint64_t id) = 0;
  // Replaces a sealed segment by a copy that holds just the frames for which `keep` says so, at new
  // positions that `moved` tells once the copy is in place. Durable and atomic: after a crash the
  // old or the new one is there, and SegmentInfo::generation tells which. Reads under way go on
  // with the old one. After a failure the old one stands, unless `moved` was called: then the copy
  // does, and only a crash may bring the old one back.
  virtual Result<> rewrite_segment(
      uint64_t id, const std::function<bool(const FrameView&)>& keep,
      const std::function<void(Position from, Position to)>& moved) = 0;
  // Calls `visit` for the frames of one segment.
  virtual Result<> visit_segment(uint64_t id,
                                 const std::function<Result<>(const FrameView&)>& visit) = 0;

  // Why nothing is acknowledged any more; kUnavailable's message, or empty while all is well.
  [[nodiscard]] virtual std::string poisoned() const = 0;

  // Makes durable what was submitted, and stops the disk thread.
  virtual void close() = 0;
};

}  // namespace millstream::journal
