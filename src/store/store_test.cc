#include "store/store.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <filesystem>
#include <thread>

#include "store/cached_store.h"
#include "store/memory_store.h"
#include "store/rocks_store.h"

namespace millstream::store {
namespace {

enum class Kind { kMemory, kRocks, kCached };

// All stores keep the same promises, so all run the same tests.
class StoreTest : public testing::TestWithParam<Kind> {
 protected:
  void SetUp() override {
    if (GetParam() != Kind::kRocks) {
      store_ = std::make_unique<MemoryStore>();
      if (GetParam() == Kind::kCached) store_ = make_cached_store(std::move(store_), 1u << 20);
      return;
    }
    std::string pattern = testing::TempDir() + "store.XXXXXX";
    directory_ = mkdtemp(pattern.data());
    auto opened = open_rocks_store({.directory = directory_});
    ASSERT_TRUE(opened.ok());
    store_ = opened.take();
  }
  void TearDown() override {
    store_.reset();
    if (!directory_.empty()) std::filesystem::remove_all(directory_);
  }

  void put(std::string_view key, std::string_view value) {
    auto batch = store_->new_batch();
    batch->put(key, value);
    ASSERT_TRUE(store_->apply(*batch).ok());
  }
  std::string get(std::string_view key) { return store_->get(key).take().value_or("(none)"); }
  std::string keys(const Range& range, size_t count_max = 100) {
    std::string found;
    EXPECT_TRUE(store_
                    ->scan(range, Store::Reach::kDisk,
                           [&](std::string_view key, std::string_view) {
                             found.append(key).append(" ");
                             return --count_max > 0;
                           })
                    .ok());
    return found;
  }

  std::string directory_;
  std::unique_ptr<Store> store_;
};

TEST_P(StoreTest, GivesWhatWasPut) {
  put("a", "1");
  EXPECT_EQ(get("a"), "1");
  EXPECT_EQ(get("b"), "(none)");
}

TEST_P(StoreTest, AppliesABatchInItsOrder) {
  auto batch = store_->new_batch();
  batch->put("a", "1");
  batch->erase("a");
  batch->put("b", "1");
  batch->put("b", "2");
  ASSERT_TRUE(store_->apply(*batch).ok());
  EXPECT_EQ(get("a"), "(none)");
  EXPECT_EQ(get("b"), "2");
}

TEST_P(StoreTest, ScansARangeInBothDirectionsAndStopsWhenTold) {
  for (const char* key : {"a", "b", "c", "d"}) put(key, "x");
  EXPECT_EQ(keys({"b", "d"}), "b c ");
  EXPECT_EQ(keys({"a", "d", true}), "c b a ");
  EXPECT_EQ(keys({"a", "z"}, 1), "a ");
  EXPECT_EQ(keys({"d", "b"}), "");
}

TEST_P(StoreTest, GivesTheNewestValueWhateverWasReadBefore) {
  EXPECT_EQ(get("a"), "(none)");
  for (const char* value : {"1", "a longer one", "3"}) {
    put("a", value);
    EXPECT_EQ(get("a"), value);
    EXPECT_EQ(get("a"), value);
  }
  auto batch = store_->new_batch();
  batch->erase("a");
  ASSERT_TRUE(store_->apply(*batch).ok());
  EXPECT_EQ(get("a"), "(none)");
  put("a", "4");
  EXPECT_EQ(get("a"), "4");
}

TEST_P(StoreTest, ReadsRecentWritesWithoutTheDisk) {
  put("a", "1");
  EXPECT_EQ(store_->get_cached("a").take().value_or(""), "1");
}

TEST_P(StoreTest, RefusesEverythingOnceItIsClosed) {
  put("a", "1");
  store_->close();
  store_->close();
  const auto batch = store_->new_batch();
  batch->put("b", "2");
  EXPECT_EQ(store_->apply(*batch).error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(store_->get("a").error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(store_->get_cached("a").error().code, ErrorCode::kUnavailable);
  const auto visit = [](std::string_view, std::string_view) { return true; };
  EXPECT_EQ(store_->scan({"a", "z"}, Store::Reach::kDisk, visit).error().code,
            ErrorCode::kUnavailable);
  EXPECT_EQ(store_->flush().error().code, ErrorCode::kUnavailable);
}

std::string kind_name(const testing::TestParamInfo<Kind>& info) {
  switch (info.param) {
    case Kind::kMemory:
      return "Memory";
    case Kind::kRocks:
      return "Rocks";
    case Kind::kCached:
      return "Cached";
  }
  return "";
}

INSTANTIATE_TEST_SUITE_P(, StoreTest, testing::Values(Kind::kMemory, Kind::kRocks, Kind::kCached),
                         kind_name);

TEST(RocksStoreTest, KeepsWhatWasFlushed) {
  std::string pattern = testing::TempDir() + "store.XXXXXX";
  const std::string directory = mkdtemp(pattern.data());
  {
    auto store = open_rocks_store({.directory = directory}).take();
    auto batch = store->new_batch();
    batch->put("a", "1");
    ASSERT_TRUE(store->apply(*batch).ok());
    ASSERT_TRUE(store->flush().ok());
  }
  EXPECT_EQ(open_rocks_store({.directory = directory}).take()->get("a").take().value_or(""), "1");
  std::filesystem::remove_all(directory);
}

void put_and_flush(Store& store, std::string_view key) {
  const auto batch = store.new_batch();
  batch->put(key, "1");
  ASSERT_TRUE(store.apply(*batch).ok());
  ASSERT_TRUE(store.flush().ok());
}

TEST(RocksStoreTest, AClosedOneLeavesItsSuccessorsFilesAlone) {
  std::string pattern = testing::TempDir() + "store.XXXXXX";
  const std::string directory = mkdtemp(pattern.data());
  auto first = open_rocks_store({.directory = directory}).take();
  put_and_flush(*first, "a");
  first->close();
  std::filesystem::remove_all(directory);

  auto second = open_rocks_store({.directory = directory}).take();
  for (const char* key : {"b", "c", "d"}) put_and_flush(*second, key);
  first.reset();
  second.reset();

  const auto third = open_rocks_store({.directory = directory});
  ASSERT_TRUE(third.ok()) << third.error().message;
  EXPECT_EQ((*third)->get("d").take().value_or(""), "1");
  std::filesystem::remove_all(directory);
}

// No file can be opened as long as this lives.
class NoDescriptors {
 public:
  NoDescriptors() {
    EXPECT_EQ(getrlimit(RLIMIT_NOFILE, &before_), 0);
    rlimit none = before_;
    none.rlim_cur = 0;
    EXPECT_EQ(setrlimit(RLIMIT_NOFILE, &none), 0);
  }
  ~NoDescriptors() { EXPECT_EQ(setrlimit(RLIMIT_NOFILE, &before_), 0); }

 private:
  rlimit before_ = {};
};

TEST(RocksStoreTest, WorksAgainAfterAFlushThatFoundNoDescriptor) {
  std::string pattern = testing::TempDir() + "store.XXXXXX";
  const std::string directory = mkdtemp(pattern.data());
  auto store = open_rocks_store({.directory = directory}).take();
  put_and_flush(*store, "a");
  const auto batch = store->new_batch();
  batch->put("b", "2");
  ASSERT_TRUE(store->apply(*batch).ok());
  {
    const NoDescriptors none;
    EXPECT_FALSE(store->flush().ok());
  }
  const Result<> recovered = store->recover();
  ASSERT_TRUE(recovered.ok()) << recovered.error().message;
  const auto later = store->new_batch();
  later->put("c", "1");
  ASSERT_TRUE(store->apply(*later).ok());
  // RocksDB tries again by itself every second.
  while (!store->flush().ok()) std::this_thread::yield();
  store.reset();
  store = open_rocks_store({.directory = directory}).take();
  EXPECT_EQ(store->get("b").take().value_or(""), "2");
  EXPECT_EQ(store->get("c").take().value_or(""), "1");
  store.reset();
  std::filesystem::remove_all(directory);
}

TEST(MemoryStoreTest, ForgetsWhatWasNotFlushedWhenItCrashes) {
  MemoryStore store;
  for (const char* value : {"1", "2"}) {
    auto batch = store.new_batch();
    batch->put("a", value);
    ASSERT_TRUE(store.apply(*batch).ok());
    if (*value == '1') {
      ASSERT_TRUE(store.flush().ok());
    }
  }
  store.crash();
  EXPECT_EQ(store.get("a").take().value_or(""), "1");
}

}  // namespace
}  // namespace millstream::store
