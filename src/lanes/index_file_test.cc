#include "lanes/index_file.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "io/memory_disk.h"

namespace millstream::lanes {
namespace {

constexpr uint64_t kSegment = 7;
constexpr uint64_t kGeneration = 0x1234'5678'9abc'def0;
constexpr uint32_t kShards = 400;          // more than a page's worth
constexpr uint32_t kBlocksOfAShard = 150;  // likewise
constexpr const char* kPath = "/index/7";

ShardKey key_of(uint32_t shard) {
  return {.stream = 5 + shard % 3, .shard = 2 * (shard / 3)};
}

// Block i of a shard: two records from 1 + 2i on, that arrived at 1000 + i.
SegmentContents contents() {
  SegmentContents contents{.segment = kSegment, .generation = kGeneration, .payload_bytes = 99};
  for (uint64_t stream = 5; stream < 8; ++stream) contents.streams.push_back({stream, 10, 2000});
  for (uint64_t stream = 0; stream < 3; ++stream) {
    for (uint32_t shard = 0; 3 * shard + stream < kShards; ++shard) {
      contents.shards.push_back({.shard = key_of(3 * shard + static_cast<uint32_t>(stream)),
                                 .block_count = kBlocksOfAShard,
                                 .first_block = contents.blocks.size(),
                                 .next_sequence = 1 + 2 * kBlocksOfAShard,
                                 .last_arrival_ms = 1000 + kBlocksOfAShard - 1});
      for (uint32_t i = 0; i < kBlocksOfAShard; ++i) {
        const auto place = static_cast<uint32_t>(contents.blocks.size());
        contents.blocks.push_back({.first_sequence = 1 + 2 * i,
                                   .arrival_ms = 1000 + i,
                                   .frame = {kSegment, 1000 + place},
                                   .offset = place,
                                   .count = 2,
                                   .bytes = 30});
      }
    }
  }
  return contents;
}

class IndexFileTest : public ::testing::Test {
 protected:
  IndexFileTest() { write(encode_index_file(contents())); }

  void write(std::string bytes) {
    ASSERT_TRUE(disk_.make_directories("/index").ok());
    auto there = disk_.exists(kPath);
    if (*there) {
      ASSERT_TRUE(disk_.remove(kPath).ok());
    }
    auto file = disk_.open(kPath, io::OpenMode::kCreateNew);
    ASSERT_TRUE(file.ok());
    ASSERT_TRUE((*file)->write_at(0, bytes).ok());
  }
  Result<std::shared_ptr<const IndexFile>> open(uint64_t generation = kGeneration) {
    return IndexFile::open(disk_, kPath, kSegment, generation);
  }
  // The first sequence of each block from the first wanted one on, at most three of them.
  static std::vector<uint64_t> blocks(const IndexFile& index, ShardKey shard,
                                      const Wanted& wanted) {
    std::vector<uint64_t> found;
    auto extent = index.find(shard);
    EXPECT_TRUE(extent.ok() && *extent);
    Result<> visited = index.visit_blocks(**extent, wanted, [&](const IndexedBlock& block) {
      found.push_back(block.first_sequence);
      return found.size() < 3;
    });
    EXPECT_TRUE(visited.ok());
    return found;
  }
  // Reads everything that there is.
  static Result<> read_all(const IndexFile& index) {
    if (auto streams = index.streams(); !streams) return streams.take_error();
    std::vector<ShardExtent> extents;
    Result<> visited =
        index.visit_shards([&](const ShardExtent& extent) { extents.push_back(extent); });
    for (const ShardExtent& extent : extents) {
      if (!visited) break;
      visited = index.visit_blocks(extent, {}, [](const IndexedBlock&) { return true; });
    }
    return visited;
  }

  io::MemoryDisk disk_;
};

using Sequences = std::vector<uint64_t>;

TEST_F(IndexFileTest, TellsWhatWasWritten) {
  auto index = open();
  ASSERT_TRUE(index.ok());
  EXPECT_EQ((*index)->generation(), kGeneration);
  EXPECT_EQ((*index)->payload_bytes(), 99u);
  auto streams = (*index)->streams();
  ASSERT_TRUE(streams.ok());
  ASSERT_EQ(streams->size(), 3u);
  EXPECT_EQ((*streams)[2].stream, 7u);
  EXPECT_EQ((*streams)[2].bytes, 10u);
  EXPECT_EQ((*streams)[2].last_arrival_ms, 2000);
  const SegmentContents written = contents();
  for (const ShardExtent& expected : written.shards) {
    auto extent = (*index)->find(expected.shard);
    ASSERT_TRUE(extent.ok() && *extent);
    EXPECT_EQ((*extent)->first_block, expected.first_block);
    EXPECT_EQ((*extent)->next_sequence, expected.next_sequence);
    uint64_t at = expected.first_block;
    Result<> visited = (*index)->visit_blocks(**extent, {}, [&](const IndexedBlock& block) {
      const IndexedBlock& as_written = written.blocks[at++];
      EXPECT_EQ(block.first_sequence, as_written.first_sequence);
      EXPECT_EQ(block.arrival_ms, as_written.arrival_ms);
      EXPECT_EQ(block.frame.segment, kSegment);
      EXPECT_EQ(block.frame.offset, as_written.frame.offset);
      EXPECT_EQ(block.frame.generation, static_cast<uint32_t>(kGeneration));
      EXPECT_EQ(block.offset, as_written.offset);
      EXPECT_EQ(block.count, as_written.count);
      EXPECT_EQ(block.bytes, as_written.bytes);
      return true;
    });
    EXPECT_TRUE(visited.ok());
    EXPECT_EQ(at, expected.first_block + expected.block_count);
  }
}

TEST_F(IndexFileTest, AShardThatIsNotThereIsNotFound) {
  auto index = open();
  ASSERT_TRUE(index.ok());
  for (const ShardKey absent : {ShardKey{4, 9}, ShardKey{5, 1}, ShardKey{6, 3}, ShardKey{9, 0}}) {
    auto extent = (*index)->find(absent);
    ASSERT_TRUE(extent.ok());
    EXPECT_FALSE(*extent);
  }
}

TEST_F(IndexFileTest, BlocksBeginWithTheFirstWantedOne) {
  auto index = open();
  ASSERT_TRUE(index.ok());
  const ShardKey shard = key_of(17);
  EXPECT_EQ(blocks(**index, shard, {.sequence = 0}), (Sequences{1, 3, 5}));
  EXPECT_EQ(blocks(**index, shard, {.sequence = 4}), (Sequences{3, 5, 7}));
  EXPECT_EQ(blocks(**index, shard, {.sequence = 5}), (Sequences{5, 7, 9}));
  EXPECT_EQ(blocks(**index, shard, {.arrival_ms = 1100}), (Sequences{201, 203, 205}));
  EXPECT_EQ(blocks(**index, shard, {.sequence = 4, .arrival_ms = 1100}),
            (Sequences{201, 203, 205}));
  EXPECT_EQ(blocks(**index, shard, {.sequence = 299}), (Sequences{299}));
  EXPECT_EQ(blocks(**index, shard, {.sequence = 301}), Sequences{});
}

TEST_F(IndexFileTest, AnEmptySegmentsIndexTellsNothing) {
  const auto index = IndexFile::of_bytes(encode_index_file({.segment = 1, .generation = 2}));
  EXPECT_TRUE(index->streams()->empty());
  auto extent = index->find({1, 1});
  ASSERT_TRUE(extent.ok());
  EXPECT_FALSE(*extent);
}

TEST_F(IndexFileTest, AnotherGenerationsFileIsRefused) {
  auto index = open(kGeneration + 1);
  ASSERT_FALSE(index.ok());
  EXPECT_EQ(index.error().code, ErrorCode::kCorruption);
}

TEST_F(IndexFileTest, AMissingFileIsNotFound) {
  ASSERT_TRUE(disk_.remove(kPath).ok());
  EXPECT_EQ(open().error().code, ErrorCode::kNotFound);
}

TEST_F(IndexFileTest, AByteThatChangedIsNoticed) {
  const std::string whole = disk_.contents(kPath);
  for (size_t at = 0; at < whole.size(); at += 509) {
    const char changed = static_cast<char>(whole[at] ^ 0x10);
    disk_.corrupt(kPath, at, {&changed, 1});
    auto index = open();
    const Result<> read = index ? read_all(**index) : Result<>(index.take_error());
    ASSERT_FALSE(read.ok()) << "at byte " << at;
    EXPECT_EQ(read.error().code, ErrorCode::kCorruption);
    disk_.corrupt(kPath, at, {&whole[at], 1});
  }
}

TEST_F(IndexFileTest, PagesThatChangedPlacesAreNoticed) {
  const std::string whole = disk_.contents(kPath);
  constexpr size_t kPage = 4096;
  disk_.corrupt(kPath, 10 * kPage, whole.substr(11 * kPage, kPage));
  disk_.corrupt(kPath, 11 * kPage, whole.substr(10 * kPage, kPage));
  auto index = open();
  ASSERT_TRUE(index.ok());
  EXPECT_FALSE(read_all(**index).ok());
}

TEST_F(IndexFileTest, AFileThatWasCutIsNoticed) {
  const std::string whole = disk_.contents(kPath);
  for (const size_t left : {size_t{0}, size_t{100}, size_t{4096}, whole.size() - 1}) {
    disk_.set_contents(kPath, whole.substr(0, left));
    auto index = open();
    const Result<> read = index ? read_all(**index) : Result<>(index.take_error());
    ASSERT_FALSE(read.ok()) << left << " bytes are left";
    EXPECT_EQ(read.error().code, ErrorCode::kCorruption);
  }
}

}  // namespace
}  // namespace millstream::lanes
