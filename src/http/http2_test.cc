#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nghttp2/nghttp2.h>

#include <future>
#include <map>
#include <vector>

#include "http/http2_test_client.h"
#include "http/server.h"
#include "http/test_client.h"

namespace millstream::http {
namespace {

using testing::Http2Client;
using testing::RawClient;
using ::testing::StartsWith;

io::Task<Response> echo(const Request& request) {
  Response response;
  response.headers.add("Content-Type", "text/plain");
  response.body = request.method + " " + request.target + " " +
                  std::string(request.headers.get("host")) + "|" + request.body;
  co_return response;
}
Handler echo_handler() {
  return [](io::Executor&, const Request& request) { return echo(request); };
}

// Holds requests until the test lets them go.
struct Gate {
  std::mutex mutex;
  std::vector<std::shared_ptr<io::OneShot<std::string>>> waiting;
  std::atomic<size_t> count = 0;

  io::Task<Response> answer(io::Executor& home) {
    auto place = std::make_shared<io::OneShot<std::string>>(home);
    {
      std::lock_guard lock(mutex);
      waiting.push_back(place);
    }
    ++count;
    Response response;
    response.body = co_await *place;
    co_return response;
  }
  void open(const std::string& text) {
    std::lock_guard lock(mutex);
    for (const auto& place : waiting) place->set(text);
  }
  void await_count(size_t wanted) {
    while (count < wanted) std::this_thread::yield();
  }
};

class Http2Server : public ::testing::Test {
 protected:
  void serve(ServerLimits limits, Handler handler = echo_handler(), Judge judge = nullptr) {
    reactors_.start();
    server_ = std::make_unique<Server>(reactors_, clock_, limits, [](std::string_view) {});
    auto listener = server_->listen({"127.0.0.1", 0}, {std::move(handler), "", std::move(judge)});
    ASSERT_TRUE(listener.ok());
    address_ = *server_->address(*listener);
  }
  void TearDown() override {
    if (server_) server_->stop(1000);
    server_.reset();
    await_posted();
    reactors_.stop();
  }
  // Until the reactors have done what was posted to them before.
  void await_posted() {
    for (size_t i = 0; i < reactors_.size(); ++i) {
      std::promise<void> done;
      reactors_.at(i).post([&done] { done.set_value(); });
      done.get_future().wait();
    }
  }

  SystemClock clock_;
  Gate gate_;
  io::Reactors reactors_{2};
  std::unique_ptr<Server> server_;
  Address address_;
};

TEST_F(Http2Server, AnswersManyStreamsOfOneConnection) {
  serve({});
  Http2Client client(address_);
  std::map<int32_t, std::string> expected;
  for (int i = 0; i < 60; ++i) {
    const std::string body = i % 2 ? std::string(40'000, 'b') : "";
    const std::string path = "/" + std::to_string(i);
    expected[client.submit("POST", path, body)] = "POST " + path + " millstream:1|" + body;
  }
  for (const auto& [id, text] : expected) {
    EXPECT_EQ(client.wait(id).status, "200");
    EXPECT_EQ(client.wait(id).body, text);
    EXPECT_EQ(client.wait(id).headers["content-type"], "text/plain");
  }
}

TEST_F(Http2Server, MovesBodiesLargerThanAnyWindow) {
  serve({});
  Http2Client client(address_);
  const std::string body(20'000'000, 'w');
  EXPECT_EQ(client.wait(client.submit("PUT", "/large", body)).body.size(), body.size() + 24);
}

TEST_F(Http2Server, GivesNoBodyToHead) {
  serve({});
  Http2Client client(address_);
  const auto& answer = client.wait(client.submit("HEAD", "/"));
  EXPECT_EQ(answer.status, "200");
  EXPECT_EQ(answer.body, "");
}

TEST_F(Http2Server, RefusesABodyThatIsTooLargeAndServesOn) {
  ServerLimits limits;
  limits.common.body_bytes_max = 1000;
  serve(limits);
  Http2Client client(address_);
  EXPECT_EQ(client.wait(client.submit("POST", "/", std::string(3'000'000, 'x'))).status, "413");
  EXPECT_EQ(client.wait(client.submit("POST", "/", "small")).status, "200");
}

TEST_F(Http2Server, RefusesABodyThatFindsNoRoomAndServesOn) {
  ServerLimits limits;
  limits.common.bytes_max = 2u << 20;
  serve(limits);
  Http2Client client(address_);
  EXPECT_EQ(client.wait(client.submit("POST", "/", std::string(3'000'000, 'x'))).status, "503");
  EXPECT_EQ(client.wait(client.submit("POST", "/", std::string(500'000, 'x'))).status, "200");
  EXPECT_EQ(client.wait(client.submit("GET", "/")).status, "200");
}

TEST_F(Http2Server, AsksItsJudgeBeforeItTakesALongBody) {
  std::atomic<size_t> handled{0};
  const Judge judge = [](io::Executor&, const Request& head) -> std::optional<Response> {
    if (head.target == "/pass") return std::nullopt;
    Response response;
    response.status = 403;
    return response;
  };
  serve(
      {},
      [&handled](io::Executor&, const Request& request) {
        ++handled;
        return echo(request);
      },
      judge);
  Http2Client client(address_);
  // Its length isn't announced: any body may be a long one.
  EXPECT_EQ(client.wait(client.submit("POST", "/", std::string(3'000'000, 'x'))).status, "403");
  EXPECT_EQ(handled, 0u);
  EXPECT_EQ(client.wait(client.submit("POST", "/pass", std::string(300'000, 'x'))).status, "200");
  EXPECT_EQ(client.wait(client.submit("GET", "/")).status, "200");
}

TEST_F(Http2Server, RefusesRequestsPastTheNumberThatMayBeHandled) {
  ServerLimits limits;
  limits.common.requests_max = 2;
  serve(limits, [this](io::Executor& home, const Request&) { return gate_.answer(home); });
  Http2Client client(address_);
  const int32_t first = client.submit("GET", "/");
  client.submit("GET", "/");
  ASSERT_TRUE(client.flush());
  gate_.await_count(2);
  EXPECT_EQ(client.wait(client.submit("GET", "/")).status, "503");
  gate_.open("done");
  EXPECT_EQ(client.wait(first).body, "done");
}

TEST_F(Http2Server, AnIdleConnectionGivesWayAndABusyOneDoesNot) {
  ServerLimits limits;
  limits.common.connections_max = 2;
  serve(limits, [this](io::Executor& home, const Request& request) {
    return request.target == "/wait" ? gate_.answer(home) : echo(request);
  });
  Http2Client busy(address_), idle(address_);
  const int32_t waiting = busy.submit("GET", "/wait");
  ASSERT_TRUE(busy.flush());
  gate_.await_count(1);
  EXPECT_EQ(idle.wait(idle.submit("GET", "/")).status, "200");
  for (int i = 0; i < 3; ++i) {
    Http2Client next(address_);
    EXPECT_EQ(next.wait(next.submit("GET", "/")).status, "200");
  }
  while (idle.step()) {
  }
  gate_.open("done");
  EXPECT_EQ(busy.wait(waiting).body, "done");
}

TEST_F(Http2Server, RefusesAHeaderThatIsTooLargeAndServesOn) {
  ServerLimits limits;
  limits.header_bytes_max = 4096;
  serve(limits);
  Http2Client client(address_);
  EXPECT_EQ(client.wait(client.submit("GET", "/", "", std::string(5000, 'h'))).status, "431");
  EXPECT_EQ(client.wait(client.submit("GET", "/")).status, "200");
}

TEST_F(Http2Server, EndsAConnectionThatCancelsStreamsInAFlood) {
  serve({}, [this](io::Executor& home, const Request&) { return gate_.answer(home); });
  Http2Client client(address_);
  for (int i = 0; i < 3000 && !client.goaway; ++i) {
    const int32_t id = client.submit("GET", "/");
    if (!client.flush()) break;
    client.cancel(id);
  }
  while (!client.goaway && client.step()) {
  }
  EXPECT_TRUE(client.goaway);
  EXPECT_LE(gate_.count, 256u);
  gate_.open("late");
}

TEST_F(Http2Server, CountsCancelledRequestsThatStillRun) {
  ServerLimits limits;
  limits.common.http2_streams_max = 4;
  serve(limits, [this](io::Executor& home, const Request&) { return gate_.answer(home); });
  Http2Client client(address_);
  for (int i = 0; i < 8; ++i) {
    const int32_t id = client.submit("GET", "/");
    ASSERT_TRUE(client.flush());
    gate_.await_count(static_cast<size_t>(i) + 1);
    client.cancel(id);
    ASSERT_TRUE(client.flush());
  }
  const auto& refused = client.wait(client.submit("GET", "/"));
  EXPECT_NE(refused.error, static_cast<uint32_t>(NGHTTP2_NO_ERROR));
  EXPECT_EQ(gate_.count, 8u);
  gate_.open("late");
}

TEST_F(Http2Server, StopSaysGoAwayAndLetsStreamsEnd) {
  serve({}, [this](io::Executor& home, const Request&) { return gate_.answer(home); });
  Http2Client busy(address_);
  const int32_t id = busy.submit("GET", "/");
  ASSERT_TRUE(busy.flush());
  gate_.await_count(1);
  std::future<bool> stopped = std::async(std::launch::async, [&] { return server_->stop(9000); });
  while (!busy.goaway && busy.step()) {
  }
  EXPECT_TRUE(busy.goaway);
  gate_.open("done");
  EXPECT_EQ(busy.wait(id).body, "done");
  EXPECT_TRUE(stopped.get());
}

TEST_F(Http2Server, ClosesIdleConnectionsAndUnfinishedRequests) {
  ServerLimits limits;
  limits.idle_timeout_ms = 20;
  limits.body_timeout_ms = 20;
  serve(limits);
  Http2Client idle(address_);
  idle.flush();
  while (idle.step()) {
  }
  EXPECT_TRUE(idle.goaway);
}

TEST_F(Http2Server, RefusesFramesThatAreNotHttp2) {
  serve({});
  RawClient client(address_);
  ASSERT_TRUE(client.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"));
  ASSERT_TRUE(client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
  client.read_to_end();  // ends: that is the test
  RawClient broken(address_);
  ASSERT_TRUE(broken.send("PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n"));
  EXPECT_THAT(broken.read_to_end(), StartsWith("HTTP/1.1 "));
}

}  // namespace
}  // namespace millstream::http
