#include "services/functions/code/code_store.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <future>
#include <sstream>
#include <thread>

#include "base/hex.h"
#include "lanes/testing/lanes_fixture.h"

namespace millstream::functions {
namespace {

namespace fs = std::filesystem;

const FunctionAddress kAddress{"123456789012", "eu-west-1", "f"};

// A zip of one stored file "app.py", "x = 1\n".
std::string small_zip() {
  return *from_hex(
      "504b0304140000000000000021003b89f68b0600000006000000060000006170702e707978203d20310a"
      "504b01021403140000000000000021003b89f68b06000000060000000600000000000000000000008001"
      "000000006170702e7079504b05060000000001000100340000002a0000000000");
}

class CodeStoreTest : public testing::Test {
 protected:
  void SetUp() override {
    char name[] = "/tmp/millstream_code_XXXXXX";
    ASSERT_NE(mkdtemp(name), nullptr);
    directory_ = name;
    open({});
  }
  void TearDown() override {
    blocking_.stop();
    fs::remove_all(directory_);
  }
  void open(const std::vector<std::shared_ptr<const Function>>& functions) {
    store_ =
        std::make_unique<CodeStore>(node_.lanes(), node_.random(), blocking_, directory_ / "code");
    node_.lanes().start();
    ASSERT_TRUE(store_->start(node_.home(), functions).ok());
  }
  static std::vector<std::shared_ptr<const Function>> naming(const std::string& code_id) {
    Function function;
    function.run.account = kAddress.account;
    function.run.region = kAddress.region;
    function.run.name = kAddress.name;
    function.run.code_id = code_id;
    return {std::make_shared<const Function>(function)};
  }
  void erase(const std::string& code_id) {
    auto body = [&](lanes::Transaction& transaction) {
      return CodeStore::erase(transaction, kAddress, code_id);
    };
    const lanes::LaneId lane = node_.lanes().lane_of(function_hash(kAddress));
    ASSERT_TRUE(node_.run(node_.lanes().run(node_.home(), lane, body)).ok());
  }
  long unpacked() {
    return std::distance(fs::directory_iterator(directory_ / "code"), fs::directory_iterator());
  }
  size_t keys() {
    size_t count = 0;
    for (const auto prefix : {kManifestPrefix, kChunkPrefix}) {
      const auto counted =
          node_.lanes().scan_now(prefix, lanes::prefix_end(prefix), [&](auto, auto) -> Result<> {
            ++count;
            return {};
          });
      EXPECT_TRUE(counted.ok());
    }
    return count;
  }

  lanes::testing::LanesFixture node_;
  io::BlockingPool blocking_{1};
  fs::path directory_;
  std::unique_ptr<CodeStore> store_;
};

TEST_F(CodeStoreTest, UnpacksAgainWhatWasStoredBeforeACrash) {
  auto added = node_.run(store_->add(node_.home(), kAddress, small_zip()));
  ASSERT_TRUE(added.ok()) << added.error().message;
  node_.restart();
  open(naming(*added));
  EXPECT_TRUE(fs::is_empty(directory_ / "code"));
  const auto path = node_.run(store_->directory(node_.home(), kAddress, *added));
  ASSERT_TRUE(path.ok()) << path.error().message;
  std::stringstream text;
  text << std::ifstream(fs::path(**path) / "app.py").rdbuf();
  EXPECT_EQ(text.str(), "x = 1\n");
  EXPECT_EQ(*node_.run(store_->read(node_.home(), kAddress, *added)), small_zip());
}

TEST_F(CodeStoreTest, KeepsALargePackageInChunks) {
  // A zip's reader looks for its end from behind, so anything may stand before it.
  const std::string zip = std::string(9u << 20, 'x') + small_zip();
  auto added = node_.run(store_->add(node_.home(), kAddress, zip));
  ASSERT_TRUE(added.ok()) << added.error().message;
  EXPECT_EQ(keys(), 11u);
  EXPECT_TRUE(*node_.run(store_->read(node_.home(), kAddress, *added)) == zip);
}

TEST_F(CodeStoreTest, ErasesAtTheStartWhatNoFunctionNames) {
  ASSERT_TRUE(node_.run(store_->add(node_.home(), kAddress, small_zip())).ok());
  EXPECT_EQ(keys(), 2u);
  node_.restart();
  open({});
  node_.drive([this] { return keys() == 0; });
}

TEST_F(CodeStoreTest, DeletesWhatWasUnpackedWithThePackage) {
  auto added = node_.run(store_->add(node_.home(), kAddress, small_zip()));
  ASSERT_TRUE(added.ok());
  EXPECT_EQ(unpacked(), 1);
  erase(*added);
  while (unpacked() > 0) std::this_thread::yield();
}

TEST_F(CodeStoreTest, KeepsWhatIsHeldUntilItIsLetGo) {
  auto added = node_.run(store_->add(node_.home(), kAddress, small_zip()));
  auto first = node_.run(store_->directory(node_.home(), kAddress, *added));
  auto second = node_.run(store_->directory(node_.home(), kAddress, *added));
  ASSERT_TRUE(first.ok() && second.ok());
  erase(*added);
  CodeDirectory held = first.take();
  second.take().reset();
  std::promise<void> done;
  blocking_.run([&] { done.set_value(); });  // behind whatever would be deleted
  done.get_future().wait();
  EXPECT_TRUE(fs::exists(fs::path(*held) / "app.py"));
  held.reset();
  while (unpacked() > 0) std::this_thread::yield();
}

TEST_F(CodeStoreTest, StoresNothingOfWhatIsNotAZip) {
  EXPECT_FALSE(node_.run(store_->add(node_.home(), kAddress, "no")).ok());
  EXPECT_EQ(keys(), 0u);
  EXPECT_TRUE(fs::is_empty(directory_ / "code"));
}

}  // namespace
}  // namespace millstream::functions
