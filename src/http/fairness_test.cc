#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <future>
#include <mutex>
#include <string>
#include <vector>

#include "http/test_client.h"

namespace millstream::http {
namespace {

using testing::RawClient;

// Notes the order in which requests are handled, on one reactor.
class Fairness : public ::testing::Test {
 protected:
  void SetUp() override {
    reactors_.start();
    server_ = std::make_unique<Server>(reactors_, clock_, ServerLimits(), [](std::string_view) {});
    auto listener = server_->listen(
        {"127.0.0.1", 0},
        {[this](io::Executor&, const Request& request) { return note(request.target); }, ""});
    ASSERT_TRUE(listener.ok());
    address_ = *server_->address(*listener);
  }
  void TearDown() override {
    server_->stop(1000);
    server_.reset();
    reactors_.stop();
  }

  io::Task<Response> note(std::string target) {
    handled_.push_back(target);
    Response response;
    co_return response;
  }

  // Holds the reactor while `prepare` runs, so that it finds everything there at once.
  template <class Prepare>
  void at_once(Prepare prepare) {
    std::promise<void> held, go_on;
    reactors_.at(0).post([&held, goes_on = go_on.get_future()] {
      held.set_value();
      goes_on.wait();
    });
    held.get_future().wait();
    prepare();
    go_on.set_value();
  }

  SystemClock clock_;
  io::Reactors reactors_{1};
  std::unique_ptr<Server> server_;
  Address address_;
  std::vector<std::string> handled_;  // the reactor's, until it has stopped
};

std::string get(const std::string& path) {
  return "GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n";
}

TEST_F(Fairness, AConnectionThatPipelinesLetsTheOthersHaveTheirTurn) {
  constexpr size_t kPipelined = 1500;  // fits into one read
  RawClient greedy(address_), modest(address_);
  for (RawClient* each : {&greedy, &modest}) {
    ASSERT_TRUE(each->send(get("/first")));
    ASSERT_NE(each->read_response(), "");
  }
  at_once([&] {
    std::string requests;
    for (size_t i = 0; i < kPipelined; ++i) requests += get("/greedy");
    ASSERT_TRUE(greedy.send(requests));
    ASSERT_TRUE(modest.send(get("/modest")));
  });
  ASSERT_NE(modest.read_response(), "");
  for (size_t i = 0; i < kPipelined; ++i) ASSERT_NE(greedy.read_response(), "");
  server_->stop(1000);
  reactors_.stop();
  ASSERT_EQ(handled_.size(), kPipelined + 3);
  const auto place = std::find(handled_.begin(), handled_.end(), "/modest") - handled_.begin();
  EXPECT_LT(place, 100);
}

size_t resident_bytes() {
  size_t pages = 0, resident_pages = 0;
  FILE* file = std::fopen("/proc/self/statm", "r");
  EXPECT_EQ(std::fscanf(file, "%zu %zu", &pages, &resident_pages), 2);
  std::fclose(file);
  return resident_pages * static_cast<size_t>(sysconf(_SC_PAGESIZE));
}

TEST_F(Fairness, AConnectionThatPipelinesWithoutAPauseIsNotKept) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "a sanitizer keeps what was freed";
#endif
  RawClient greedy(address_);
  // No read of the server's ends where a request does.
  const std::string request =
      "GET / HTTP/1.1\r\nHost: x\r\nX-Long: " + std::string(4001, 'b') + "\r\n\r\n";
  ASSERT_TRUE(greedy.send(request));
  ASSERT_NE(greedy.read_response(), "");
  const size_t before = resident_bytes();
  constexpr size_t kRounds = 40, kRequests = 250;
  std::string requests = request.substr(0, 100);
  for (size_t i = 0; i < kRequests; ++i) requests += request.substr(100) + request.substr(0, 100);
  for (size_t round = 0; round < kRounds; ++round) {
    ASSERT_TRUE(greedy.send(round == 0 ? requests : requests.substr(100)));
    for (size_t i = 0; i < kRequests; ++i) ASSERT_NE(greedy.read_response(), "");
  }
  // 40 MB were sent; what is kept is less than a tenth of it.
  EXPECT_LT(resident_bytes(), before + (kRounds * kRequests * request.size()) / 10);
}

}  // namespace
}  // namespace millstream::http
