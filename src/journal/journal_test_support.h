#pragma once

#include <gtest/gtest.h>

#include <future>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "io/memory_disk.h"
#include "io/workers.h"
#include "journal/journal.h"

namespace millstream::journal {

inline constexpr const char* kDirectory = "/log";
inline io::ThreadWorkers threads;

inline JournalOptions small_options() {
  JournalOptions options;
  options.directory = kDirectory;
  options.segment_bytes = 16 << 10;
  options.zero_ahead_bytes = 4 << 10;
  return options;
}

inline std::string first_segment() {
  return std::string(kDirectory) + "/00000000000000000001.segment";
}

// Opens a journal that must open.
inline std::unique_ptr<Journal> open_journal(io::Disk& disk, Random& random,
                                             const JournalOptions& options = small_options()) {
  Result<std::unique_ptr<Journal>> journal = Journal::open(options, disk, threads, random);
  EXPECT_TRUE(journal.ok()) << (journal ? "" : journal.error().message);
  return journal ? journal.take() : nullptr;
}

inline Group one_frame(const Journal& journal, LaneId lane, uint64_t number,
                       std::string_view payload) {
  Group group;
  group.begin_frame(lane, journal.epoch(), number);
  group.buffer()->append(payload);
  group.end_frame();
  return group;
}

inline std::future<Result<CommittedGroup>> submit(Journal& journal, Group group) {
  auto promise = std::make_shared<std::promise<Result<CommittedGroup>>>();
  std::future<Result<CommittedGroup>> future = promise->get_future();
  journal.submit(std::move(group), [promise](Result<CommittedGroup> committed) {
    promise->set_value(std::move(committed));
  });
  return future;
}

// Commits one frame and waits.
inline Result<CommittedGroup> commit(Journal& journal, LaneId lane, uint64_t number,
                                     std::string_view payload) {
  return submit(journal, one_frame(journal, lane, number, payload)).get();
}

struct ReadFrame {
  LaneId lane;
  uint32_t epoch;
  uint64_t number;
  Position position;
  std::string payload;
};

inline Result<std::vector<ReadFrame>> replay(Journal& journal, Position from = {}) {
  std::vector<ReadFrame> frames;
  Result<> replayed = journal.replay(from, [&](const FrameView& frame) -> Result<> {
    frames.push_back(
        {frame.lane, frame.epoch, frame.number, frame.position, std::string(frame.payload)});
    return {};
  });
  if (!replayed) return replayed.take_error();
  return frames;
}

inline std::vector<std::string> payloads(Journal& journal, Position from = {}) {
  std::vector<std::string> found;
  Result<std::vector<ReadFrame>> frames = replay(journal, from);
  EXPECT_TRUE(frames.ok()) << (frames ? "" : frames.error().message);
  if (frames) {
    for (const ReadFrame& frame : *frames) found.push_back(frame.payload);
  }
  return found;
}

}  // namespace millstream::journal
