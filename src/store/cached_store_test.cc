#include "store/cached_store.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "store/memory_store.h"
#include "store/value_cache.h"

namespace millstream::store {
namespace {

constexpr size_t kPartsBytes = 64 * 4096;  // 4 KB a part

std::string text(const std::optional<std::string>& value) {
  return value.value_or("(none)");
}

void change(ValueCache* cache, std::string_view key, std::optional<std::string> value) {
  cache->begin_change(key);
  cache->end_change(key, std::move(value));
}

TEST(ValueCacheTest, FindsWhatWasFilledInOrWritten) {
  ValueCache cache(kPartsBytes);
  ValueCache::Ticket ticket;
  EXPECT_EQ(text(cache.find("a", &ticket)), "(none)");
  cache.fill("a", "1", ticket);
  EXPECT_EQ(text(cache.find("a", &ticket)), "1");
  change(&cache, "a", "2");
  change(&cache, "b", "3");
  EXPECT_EQ(text(cache.find("a", &ticket)), "2");
  EXPECT_EQ(text(cache.find("b", &ticket)), "3");
  change(&cache, "b", std::nullopt);
  EXPECT_EQ(text(cache.find("b", &ticket)), "(none)");
}

TEST(ValueCacheTest, FindsNothingWhileAKeyChanges) {
  ValueCache cache(kPartsBytes);
  change(&cache, "a", "1");
  cache.begin_change("a");
  ValueCache::Ticket ticket;
  EXPECT_EQ(text(cache.find("a", &ticket)), "(none)");
  cache.fill("a", "1", ticket);
  EXPECT_EQ(text(cache.find("a", &ticket)), "(none)");
  cache.begin_change("a");
  cache.end_change("a", "2");
  EXPECT_EQ(text(cache.find("a", &ticket)), "(none)");
  cache.end_change("a", "3");
  EXPECT_EQ(text(cache.find("a", &ticket)), "3");
}

TEST(ValueCacheTest, TakesNothingThatWasReadBeforeAChange) {
  ValueCache cache(kPartsBytes);
  ValueCache::Ticket ticket;
  EXPECT_EQ(text(cache.find("a", &ticket)), "(none)");
  change(&cache, "a", "2");
  cache.fill("a", "1", ticket);
  EXPECT_EQ(text(cache.find("a", &ticket)), "2");

  EXPECT_EQ(text(cache.find("b", &ticket)), "(none)");
  change(&cache, "b", "2");
  change(&cache, "b", std::nullopt);
  cache.fill("b", "1", ticket);
  EXPECT_EQ(text(cache.find("b", &ticket)), "(none)");
}

TEST(ValueCacheTest, KeepsToItsLimitAndKeepsWhatIsAskedFor) {
  ValueCache cache(kPartsBytes);
  ValueCache::Ticket ticket;
  change(&cache, "wanted", "here");
  for (int i = 0; i < 20'000; ++i) {
    change(&cache, std::to_string(i), std::string(100, 'x'));
    ASSERT_EQ(text(cache.find("wanted", &ticket)), "here") << i;
    ASSERT_LE(cache.bytes(), kPartsBytes);
  }
  EXPECT_GT(cache.bytes(), kPartsBytes / 2);
  EXPECT_EQ(text(cache.find("0", &ticket)), "(none)");
  change(&cache, "large", std::string(2000, 'x'));
  EXPECT_EQ(text(cache.find("large", &ticket)), "(none)");
}

TEST(ValueCacheTest, KeepsNothingOnceItIsClosed) {
  ValueCache cache(kPartsBytes);
  ValueCache::Ticket ticket;
  change(&cache, "a", "1");
  cache.begin_change("b");
  cache.close();
  cache.end_change("b", "1");
  change(&cache, "c", "1");
  EXPECT_EQ(text(cache.find("a", &ticket)), "(none)");
  cache.fill("a", "1", ticket);
  EXPECT_EQ(cache.bytes(), 0u);
}

TEST(CachedStoreTest, ForgetsWhatABatchThatFailedMayHaveChanged) {
  auto memory = std::make_unique<MemoryStore>();
  MemoryStore& inner = *memory;
  const auto store = make_cached_store(std::move(memory), 1u << 20);
  const auto put = [&](std::string_view value) {
    const auto batch = store->new_batch();
    batch->put("a", value);
    return store->apply(*batch).ok();
  };
  ASSERT_TRUE(put("1"));
  inner.refuse_batches(Error{ErrorCode::kIo, "refused"});
  ASSERT_FALSE(put("2"));
  EXPECT_EQ(text(store->get("a").take()), "1");
}

// One thread writes rising numbers; others read with and without the cache. Whoever
// has seen a number sees no smaller one later, whichever way it looks.
TEST(CachedStoreTest, NeverGoesBackForAnyReader) {
  const auto store = make_cached_store(std::make_unique<MemoryStore>(), kPartsBytes);
  constexpr int kWrites = 20'000;
  std::atomic<bool> done{false};
  const auto number = [](const std::string& value) { return std::stol(value); };
  const auto read = [&] {
    long newest = 0;
    for (int round = 0; !done; ++round) {
      long seen = 0;
      if (round % 3 == 0) {
        const auto visit = [&](std::string_view, std::string_view value) {
          seen = number(std::string(value));
          return false;
        };
        EXPECT_TRUE(store->scan({"a", "b"}, Store::Reach::kDisk, visit).ok());
      } else {
        const auto value = store->get_cached("a").take();
        seen = value ? number(*value) : 0;
      }
      EXPECT_GE(seen, newest);
      newest = seen;
    }
  };
  std::thread first(read);
  std::thread second(read);
  for (int i = 1; i <= kWrites; ++i) {
    const auto batch = store->new_batch();
    batch->put("a", std::to_string(i));
    // Pushes the number out of the cache now and then.
    if (i % 7 == 0) batch->put(std::to_string(i), std::string(400, 'x'));
    ASSERT_TRUE(store->apply(*batch).ok());
  }
  done = true;
  first.join();
  second.join();
}

}  // namespace
}  // namespace millstream::store
