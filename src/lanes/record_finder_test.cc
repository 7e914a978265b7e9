#include "lanes/record_finder.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <functional>
#include <future>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/random.h"
#include "io/forwarding_disk.h"
#include "io/memory_disk.h"
#include "io/workers.h"
#include "lanes/effects.h"
#include "lanes/index_builder.h"

namespace millstream::lanes {
namespace {

constexpr ShardKey kShard{.stream = 1, .shard = 2};
// Its blocks stand in front of the other's in an index.
constexpr ShardKey kDeleted{.stream = 0, .shard = 7};
constexpr uint64_t kRecords = 40;

// Tells of each read of an index file before it happens.
class WatchedDisk final : public io::ForwardingDisk {
 public:
  using Watch = std::function<void()>;
  using ForwardingDisk::ForwardingDisk;

  // Called once.
  void before_next_index_read(Watch watch) { watch_ = std::move(watch); }

  Result<std::unique_ptr<io::File>> open(const std::string& path, io::OpenMode mode) override {
    Result<std::unique_ptr<io::File>> file = ForwardingDisk::open(path, mode);
    if (!file || !path.ends_with(".index")) return file;
    return std::unique_ptr<io::File>(std::make_unique<WatchedFile>(*this, file.take()));
  }

 private:
  class WatchedFile final : public io::ForwardingFile {
   public:
    WatchedFile(WatchedDisk& disk, std::unique_ptr<io::File> file)
        : ForwardingFile(std::move(file)), disk_(disk) {}
    Result<std::string> read_at(uint64_t offset, size_t size) override {
      if (const Watch watch = std::exchange(disk_.watch_, nullptr)) watch();
      return ForwardingFile::read_at(offset, size);
    }

   private:
    WatchedDisk& disk_;
  };

  Watch watch_;
};

class IndexFiller final : public EffectsVisitor {
 public:
  explicit IndexFiller(RecordIndex& index) : index_(index) {}
  void put(std::string_view, std::string_view) override {}
  void erase(std::string_view) override {}
  void block(const RecordBlock& block) override { index_.add(block, frame); }
  journal::Position frame;

 private:
  RecordIndex& index_;
};

// Records of one shard, each a block of its own, over some small segments; all blocks in memory.
class RecordFinderTest : public ::testing::Test {
 protected:
  RecordFinderTest() {
    auto journal = journal::Journal::open(
        {.directory = "/log", .segment_bytes = 16 << 10, .zero_ahead_bytes = 0}, disk_, workers_,
        random_);
    EXPECT_TRUE(journal.ok());
    journal_ = journal.take();
    for (uint64_t sequence = 1; sequence <= kRecords; ++sequence) append(sequence);
    EXPECT_GT(journal_->segments().size(), 5u);
    IndexFiller filler(index_);
    EXPECT_TRUE(journal_
                    ->replay({},
                             [&filler](const journal::FrameView& frame) {
                               filler.frame = frame.position;
                               return visit_effects(frame.payload, filler);
                             })
                    .ok());
    files_ = std::make_unique<SegmentIndexes>(*journal_, watched_disk_, "/index");
    EXPECT_TRUE(files_->open().ok());
    finder_ = std::make_unique<RecordFinder>(std::vector{&index_}, *files_, *journal_, retention_,
                                             clock_, 0);
  }
  ~RecordFinderTest() override { journal_->close(); }

  void append(uint64_t sequence) {
    journal::Group group;
    group.begin_frame(0, journal_->epoch(), sequence);
    EffectsWriter effects(group.buffer());
    effects.append(kDeleted, sequence, 1000, 10);
    effects.append(kShard, sequence, static_cast<int64_t>(1000 + sequence), 2000);
    group.end_frame();
    std::promise<bool> done;
    journal_->submit(std::move(group), [&done](Result<journal::CommittedGroup> committed) {
      done.set_value(committed.ok());
    });
    ASSERT_TRUE(done.get_future().get());
  }
  std::vector<uint64_t> find(uint64_t sequence, ReadLimits limits = {}) {
    Result<RecordFinder::Found> found = finder_->find(kShard, sequence, limits);
    EXPECT_TRUE(found.ok());
    std::vector<uint64_t> sequences;
    for (const IndexedBlock& block : found->blocks) {
      EXPECT_GT(block.bytes, 1000u) << "another shard's";
      sequences.push_back(block.first_sequence);
    }
    return sequences;
  }
  static std::vector<uint64_t> from(uint64_t sequence) {
    std::vector<uint64_t> sequences;
    for (; sequence <= kRecords; ++sequence) sequences.push_back(sequence);
    return sequences;
  }

  io::MemoryDisk disk_;
  WatchedDisk watched_disk_{disk_};
  io::ThreadWorkers workers_;
  SeededRandom random_{1};
  ManualClock clock_{1000 + kRecords};  // when the newest arrived
  Retention retention_;
  RecordIndex index_;
  std::unique_ptr<journal::Journal> journal_;
  std::unique_ptr<SegmentIndexes> files_;
  std::unique_ptr<RecordFinder> finder_;
};

TEST_F(RecordFinderTest, FilesAreAskedOnlyForWhatIsNotInMemory) {
  EXPECT_TRUE(finder_->find_in_memory(kShard, 1, {}));
  ASSERT_TRUE(finder_->drop_from_memory(2).ok());
  EXPECT_EQ(finder_->filed_through(), 2u);
  EXPECT_FALSE(finder_->find_in_memory(kShard, 1, {}));
  EXPECT_TRUE(finder_->find_in_memory(kShard, kRecords, {}));
  EXPECT_FALSE(finder_->sequence_at_in_memory(kShard, 1001));
  EXPECT_TRUE(finder_->sequence_at_in_memory(kShard, 1000 + kRecords));
  for (uint64_t sequence = 1; sequence <= kRecords; ++sequence) {
    EXPECT_EQ(find(sequence), from(sequence));
  }
}

TEST_F(RecordFinderTest, WhatLeavesMemoryDuringALookUpIsFound) {
  for (uint64_t segment = 1; segment < 5; ++segment) {
    ASSERT_TRUE(finder_->drop_from_memory(segment).ok());
    watched_disk_.before_next_index_read(
        [this, segment] { ASSERT_TRUE(finder_->drop_from_memory(segment + 1).ok()); });
    EXPECT_EQ(find(1), from(1));
    EXPECT_EQ(finder_->filed_through(), segment + 1);
  }
}

TEST_F(RecordFinderTest, ALookUpEndsWithItsLimits) {
  ASSERT_TRUE(finder_->drop_from_memory(3).ok());
  EXPECT_EQ(find(1, {.records_max = 1}), std::vector<uint64_t>{1});
  EXPECT_EQ(find(1, {.records_max = 30}).size(), 30u);
  EXPECT_EQ(find(3, {.bytes_max = 5000}), (std::vector<uint64_t>{3, 4, 5}));
}

TEST_F(RecordFinderTest, WhatIsGoneForGoodNeedsNoFileTheSecondTime) {
  ASSERT_TRUE(finder_->drop_from_memory(3).ok());
  retention_.set(kShard.stream, 1);  // the newest alone
  Result<RecordFinder::Found> found = finder_->find(kShard, 0, {});
  ASSERT_TRUE(found.ok());
  EXPECT_EQ(found->from, kRecords);
  EXPECT_TRUE(finder_->find_in_memory(kShard, 0, {}));
}

TEST_F(RecordFinderTest, AnIndexThatIsMadeAgainMayTellOfMoreThanBefore) {
  index_.forget_stream(kDeleted.stream);
  for (const journal::SegmentInfo& segment : journal_->segments()) {
    if (segment.id > 3) break;
    ASSERT_TRUE(files_->keep(segment, [&] { return contents_in_memory({&index_}, segment); }).ok());
  }
  ASSERT_TRUE(finder_->drop_from_memory(3).ok());
  for (uint64_t segment = 1; segment <= 3; ++segment) {
    const std::string path = fmt::format("/index/{:020}.index", segment);
    // In the table of blocks.
    disk_.corrupt(path, disk_.contents(path).size() - 100, "x");
  }
  EXPECT_EQ(find(1), from(1));
}

TEST_F(RecordFinderTest, RecordsOfADeletedStreamAreNotFound) {
  ASSERT_TRUE(finder_->drop_from_memory(3).ok());
  retention_.set(kShard.stream, 0);
  EXPECT_TRUE(find(1).empty());
  retention_.set_complete();
  EXPECT_TRUE(find(1).empty());
}

}  // namespace
}  // namespace millstream::lanes
