#include "lanes/segment_indexes.h"

#include <gtest/gtest.h>

#include <future>
#include <memory>
#include <string>
#include <vector>

#include "base/random.h"
#include "io/memory_disk.h"
#include "io/workers.h"
#include "journal/journal.h"
#include "lanes/effects.h"

namespace millstream::lanes {
namespace {

constexpr ShardKey kShard{.stream = 1, .shard = 2};
constexpr const char* kFirstFile = "/index/00000000000000000001.index";

// A log of small segments, each with a few records of one shard.
class SegmentIndexesTest : public ::testing::Test {
 protected:
  SegmentIndexesTest() {
    open_journal();
    for (uint64_t i = 0; i < 12; ++i) append(2 * i + 1);
    EXPECT_GT(journal_->segments().size(), 3u);
    open_indexes();
  }
  ~SegmentIndexesTest() override { journal_->close(); }

  void open_journal() {
    auto journal = journal::Journal::open(
        {.directory = "/log", .segment_bytes = 16 << 10, .zero_ahead_bytes = 0}, disk_, workers_,
        random_);
    ASSERT_TRUE(journal.ok());
    journal_ = journal.take();
  }
  void open_indexes() {
    indexes_ = std::make_unique<SegmentIndexes>(*journal_, disk_, "/index");
    ASSERT_TRUE(indexes_->open().ok());
  }
  // After a crash; an index file that was being written is there or not.
  void restart(uint64_t seed) {
    journal_->close();
    disk_.crash(seed);
    open_journal();
    open_indexes();
  }

  // A frame with a block of two records.
  void append(uint64_t sequence) {
    journal::Group group;
    group.begin_frame(3, journal_->epoch(), sequence);
    EffectsWriter effects(group.buffer());
    for (int i = 0; i < 2; ++i) {
      effects.append(kShard, sequence + static_cast<uint64_t>(i), 1000, 2000);
    }
    group.end_frame();
    std::promise<bool> done;
    journal_->submit(std::move(group), [&done](Result<journal::CommittedGroup> committed) {
      done.set_value(committed.ok());
    });
    ASSERT_TRUE(done.get_future().get());
  }
  [[nodiscard]] journal::SegmentInfo segment(uint64_t id) const {
    for (const journal::SegmentInfo& info : journal_->segments()) {
      if (info.id == id) return info;
    }
    return {.id = id, .generation = 1};
  }
  // The first sequences of the blocks that a segment's index tells of; nothing if there is none.
  std::vector<uint64_t> sequences(uint64_t id) {
    std::vector<uint64_t> found;
    Result<> visited = indexes_->with(segment(id), [&found](const IndexFile& index) -> Result<> {
      found.clear();
      auto extent = index.find(kShard);
      if (!extent) return extent.take_error();
      if (!*extent) return {};
      return index.visit_blocks(**extent, {}, [&found](const IndexedBlock& block) {
        found.push_back(block.first_sequence);
        return true;
      });
    });
    EXPECT_TRUE(visited.ok());
    return found;
  }
  [[nodiscard]] bool exists(const std::string& path) { return disk_.exists(path).take(); }

  io::MemoryDisk disk_;
  io::ThreadWorkers workers_;
  SeededRandom random_{1};
  std::unique_ptr<journal::Journal> journal_;
  std::unique_ptr<SegmentIndexes> indexes_;
};

using Sequences = std::vector<uint64_t>;

TEST_F(SegmentIndexesTest, AnIndexIsMadeOnceAndThenRead) {
  EXPECT_EQ(sequences(1), (Sequences{1, 3, 5}));
  EXPECT_EQ(sequences(2), (Sequences{7, 9, 11}));
  EXPECT_TRUE(exists(kFirstFile));
  const uint64_t writes = disk_.writes();
  open_indexes();
  EXPECT_EQ(sequences(1), (Sequences{1, 3, 5}));
  EXPECT_EQ(disk_.writes(), writes);
}

TEST_F(SegmentIndexesTest, ADamagedFileIsMadeAgain) {
  EXPECT_EQ(sequences(1), (Sequences{1, 3, 5}));
  const std::string whole = disk_.contents(kFirstFile);
  const auto damage = [&](size_t at) {
    const char changed = static_cast<char>(whole[at] ^ 1);
    disk_.corrupt(kFirstFile, at, {&changed, 1});
  };
  constexpr size_t kPage = 4096;
  // Of the header and of the tables of shards and blocks; found by who opens it, or who reads on.
  for (const size_t page : {0, 2, 3}) {
    for (size_t at = page * kPage + 7; at < (page + 1) * kPage; at += 1021) {
      damage(at);
      open_indexes();
      EXPECT_EQ(sequences(1), (Sequences{1, 3, 5})) << "at byte " << at;
      EXPECT_TRUE(disk_.contents(kFirstFile) == whole) << "at byte " << at;
      if (page == 0) continue;
      damage(at);
      EXPECT_EQ(sequences(1), (Sequences{1, 3, 5})) << "at byte " << at;
      EXPECT_TRUE(disk_.contents(kFirstFile) == whole) << "at byte " << at;
    }
  }
}

TEST_F(SegmentIndexesTest, ARewrittenSegmentGetsANewIndex) {
  EXPECT_EQ(sequences(1), (Sequences{1, 3, 5}));
  ASSERT_TRUE(journal_
                  ->rewrite_segment(
                      1, [](const journal::FrameView& frame) { return frame.number == 3; },
                      [](journal::Position, journal::Position) {})
                  .ok());
  EXPECT_EQ(sequences(1), Sequences{3});
  open_indexes();
  EXPECT_EQ(sequences(1), Sequences{3});
}

TEST_F(SegmentIndexesTest, WhatCantBeWrittenIsStillTold) {
  disk_.set_capacity(disk_.used_bytes());
  EXPECT_EQ(sequences(1), (Sequences{1, 3, 5}));
  EXPECT_EQ(indexes_->keep(segment(1)).error().code, ErrorCode::kNoSpace);
  EXPECT_FALSE(exists(kFirstFile));
  disk_.set_capacity(UINT64_MAX);
  EXPECT_TRUE(indexes_->keep(segment(1)).ok());
  EXPECT_TRUE(exists(kFirstFile));
}

TEST_F(SegmentIndexesTest, ARemovedSegmentIsNotFoundAndItsFileGoes) {
  EXPECT_EQ(sequences(1), (Sequences{1, 3, 5}));
  const journal::SegmentInfo first = segment(1);
  ASSERT_TRUE(journal_->remove_segment(1).ok());
  ASSERT_TRUE(indexes_->remove(1).ok());
  EXPECT_FALSE(exists(kFirstFile));
  EXPECT_EQ(indexes_->get(first).error().code, ErrorCode::kNotFound);
  EXPECT_TRUE(indexes_->remove(1).ok());
}

TEST_F(SegmentIndexesTest, FilesOfNoSegmentGoAtTheOpening) {
  EXPECT_EQ(sequences(1), (Sequences{1, 3, 5}));
  disk_.set_contents("/index/00000000000000000099.index", "of a segment that was removed");
  disk_.set_contents("/index/NEW", "half written");
  open_indexes();
  EXPECT_FALSE(exists("/index/00000000000000000099.index"));
  EXPECT_FALSE(exists("/index/NEW"));
  EXPECT_TRUE(exists(kFirstFile));
}

TEST_F(SegmentIndexesTest, APowerLossWhileAFileIsMadeDoesNoHarm) {
  for (uint64_t operations = 0; operations < 12; ++operations) {
    for (uint64_t seed = 1; seed <= 8; ++seed) {
      if (exists(kFirstFile)) {
        ASSERT_TRUE(indexes_->remove(1).ok());
      }
      disk_.lose_power_after(operations, seed);
      // Whether it went well before the power was lost is for the next life to find out.
      const bool kept = indexes_->keep(segment(1)).ok();
      restart(seed);
      EXPECT_EQ(sequences(1), (Sequences{1, 3, 5}))
          << operations << " operations, seed " << seed << (kept ? ", kept" : "");
    }
  }
}

TEST_F(SegmentIndexesTest, MoreIndexesThanMayBeOpenAreRead) {
  for (uint64_t i = 12; i < 3 * SegmentIndexes::kOpenFilesMax + 30; ++i) append(2 * i + 1);
  ASSERT_GT(journal_->segments().size(), SegmentIndexes::kOpenFilesMax);
  for (int round = 0; round < 2; ++round) {
    for (uint64_t id = 1; id < SegmentIndexes::kOpenFilesMax + 4; ++id) {
      EXPECT_EQ(sequences(id), (Sequences{6 * id - 5, 6 * id - 3, 6 * id - 1}));
    }
  }
}

}  // namespace
}  // namespace millstream::lanes
