#include "lanes/effects.h"

#include <gtest/gtest.h>

#include <cstring>

#include "base/random.h"

namespace millstream::lanes {
namespace {

// Tells effects as words.
class Words final : public EffectsVisitor {
 public:
  void put(std::string_view key, std::string_view value) override {
    text += "put " + std::string(key) + "=" + std::string(value) + ";";
  }
  void erase(std::string_view key) override { text += "erase " + std::string(key) + ";"; }
  void block(const RecordBlock& block) override {
    text += "records " + std::to_string(block.shard.stream) + "/" +
            std::to_string(block.shard.shard) + " " + std::to_string(block.first_sequence) + "+" +
            std::to_string(block.count) + ";";
  }
  std::string text;
};

void append(EffectsWriter& writer, ShardKey shard, uint64_t sequence, std::string_view payload) {
  std::memcpy(writer.append(shard, sequence, 5, payload.size()), payload.data(), payload.size());
}

std::string sample() {
  std::string frame;
  EffectsWriter writer(&frame);
  writer.put("a", "1");
  append(writer, {1, 2}, 7, "x");
  append(writer, {1, 2}, 8, "yy");
  append(writer, {1, 3}, 1, "z");
  writer.erase("b");
  append(writer, {1, 3}, 2, "");
  return frame;
}

TEST(EffectsTest, AreToldInOrderWithOneBlockForEachRunOfAShard) {
  Words words;
  ASSERT_TRUE(visit_effects(sample(), words).ok());
  EXPECT_EQ(words.text, "put a=1;records 1/2 7+2;records 1/3 1+1;erase b;records 1/3 2+1;");
}

TEST(EffectsTest, ABlockIsReadAtItsOffset) {
  const std::string frame = sample();
  class Offsets final : public EffectsVisitor {
   public:
    void put(std::string_view, std::string_view) override {}
    void erase(std::string_view) override {}
    void block(const RecordBlock& block) override { offsets.push_back(block.offset); }
    std::vector<uint32_t> offsets;
  } offsets;
  ASSERT_TRUE(visit_effects(frame, offsets).ok());
  auto block = read_block(frame, offsets.offsets[0]);
  ASSERT_TRUE(block.ok());
  EXPECT_EQ(block->first_sequence, 7u);
  EXPECT_EQ(block->records, std::string_view("\1x\2yy"));
  EXPECT_FALSE(read_block(frame, 0).ok());
  EXPECT_FALSE(read_block(frame, 100'000).ok());
}

TEST(EffectsTest, EveryCutIsRefusedOrEndsAtAnEffect) {
  const std::string frame = sample();
  size_t whole = 0;
  for (size_t size = 0; size <= frame.size(); ++size) {
    Words words;
    whole += visit_effects(std::string_view(frame).substr(0, size), words).ok() ? 1 : 0;
  }
  EXPECT_EQ(whole, 6u);
}

TEST(EffectsTest, RandomBytesAreReadWithoutHarm) {
  constexpr uint64_t kSeed = 11;
  SCOPED_TRACE(kSeed);
  SeededRandom random(kSeed);
  for (int round = 0; round < 20'000; ++round) {
    std::string bytes = sample();
    for (int i = 0; i < 3; ++i) {
      bytes[random.next_u64() % bytes.size()] = static_cast<char>(random.next_u64());
    }
    Words words;
    Result<> visited = visit_effects(bytes, words);
    EXPECT_TRUE(visited.ok() || visited.error().code == ErrorCode::kCorruption);
  }
}

}  // namespace
}  // namespace millstream::lanes
