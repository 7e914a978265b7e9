#include "http/server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <future>
#include <thread>

#include "http/acceptor.h"
#include "http/test_client.h"

namespace millstream::http {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::RawClient;
using ::testing::StartsWith;

// Answers with what it got: "METHOD target|label|body".
io::Task<Response> echo(const Request& request) {
  Response response;
  response.headers.add("content-type", "text/plain");
  response.body = request.method + " " + request.target + "|" +
                  std::string(request.listener_label) + "|" + request.body;
  const bool has_room = request.body.capacity() >= request.body.size() + kBodySpareBytes;
  if (!has_room) response.body = "no spare capacity behind the body";
  co_return response;
}

class HttpServer : public ::testing::Test {
 protected:
  void serve(
      ServerLimits limits,
      Handler handler = [](io::Executor&, const Request& request) { return echo(request); }) {
    reactors_.start();
    server_ = std::make_unique<Server>(reactors_, clock_, limits, [this](std::string_view reason) {
      std::lock_guard lock(mutex_);
      refusals_ += std::string(reason) + "\n";
    });
    auto listener = server_->listen({"127.0.0.1", 0}, {std::move(handler), ""});
    ASSERT_TRUE(listener.ok());
    listener_ = *listener;
    address_ = *server_->address(listener_);
  }
  void TearDown() override {
    if (server_) server_->stop(1000);
    server_.reset();
    reactors_.stop();
  }
  std::string refusals() {
    std::lock_guard lock(mutex_);
    return refusals_;
  }

  SystemClock clock_;
  io::Reactors reactors_{2};
  std::mutex mutex_;
  std::string refusals_;
  std::unique_ptr<Server> server_;
  Server::ListenerId listener_ = 0;
  Address address_;
};

TEST_F(HttpServer, AnswersAndKeepsTheConnection) {
  serve({});
  RawClient client(address_);
  ASSERT_TRUE(client.send("GET /a?b=c%20d HTTP/1.1\r\nHost: x\r\n\r\n"));
  const std::string first = client.read_response();
  EXPECT_THAT(first, StartsWith("HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n"));
  EXPECT_THAT(first, HasSubstr("\r\ndate: "));
  EXPECT_THAT(first, EndsWith("\r\n\r\nGET /a?b=c%20d||"));
  ASSERT_TRUE(client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello"));
  EXPECT_THAT(client.read_response(), EndsWith("POST /||hello"));
}

TEST_F(HttpServer, ReadsABodyThatComesInPieces) {
  serve({});
  RawClient client(address_);
  const std::string body(3'000'000, 'x');
  ASSERT_TRUE(client.send("POST / HTTP/1.1\r\nHo"));
  ASSERT_TRUE(client.send("st: x\r\nContent-Length: 3000000\r\n\r\nxx"));
  ASSERT_TRUE(client.send(std::string_view(body).substr(2)));
  EXPECT_THAT(client.read_response(), EndsWith("POST /||" + body));
}

TEST_F(HttpServer, ReadsAChunkedBodyAndIgnoresItsTrailers) {
  serve({});
  RawClient client(address_);
  ASSERT_TRUE(
      client.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                  "5\r\nhello\r\n1"));
  ASSERT_TRUE(client.send("0;name=value\r\n0123456789abcdef\r\n0\r\nX-Late: 1\r\n\r\n"));
  EXPECT_THAT(client.read_response(), EndsWith("POST /||hello0123456789abcdef"));
  ASSERT_TRUE(client.send("GET /next HTTP/1.1\r\nHost: x\r\n\r\n"));
  EXPECT_THAT(client.read_response(), EndsWith("GET /next||"));
}

TEST_F(HttpServer, AnswersPipelinedRequestsInTheirOrder) {
  serve({});
  RawClient client(address_);
  std::string requests;
  for (int i = 0; i < 50; ++i) {
    requests +=
        "POST /" + std::to_string(i) + " HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi";
  }
  ASSERT_TRUE(client.send(requests));
  for (int i = 0; i < 50; ++i) {
    EXPECT_THAT(client.read_response(), EndsWith("POST /" + std::to_string(i) + "||hi"));
  }
}

// After some requests the server looks for the next one before it waits for it.
TEST_F(HttpServer, AnswersManyRequestsOfConnectionsInTurnAndSeesTheirEnd) {
  serve({});
  RawClient first(address_), second(address_);
  for (int i = 0; i < 200; ++i) {
    const std::string target = "/" + std::to_string(i);
    for (RawClient* client : {&first, &second}) {
      ASSERT_TRUE(client->send("GET " + target + " HTTP/1.1\r\nHost: x\r\n\r\n"));
    }
    EXPECT_THAT(first.read_response(), EndsWith("GET " + target + "||"));
    EXPECT_THAT(second.read_response(), EndsWith("GET " + target + "||"));
  }
  first.shutdown_write();
  EXPECT_EQ(first.read_to_end(), "");
  std::future<bool> stopped = std::async(std::launch::async, [&] { return server_->stop(9000); });
  EXPECT_EQ(second.read_to_end(), "");
  EXPECT_TRUE(stopped.get());
}

TEST_F(HttpServer, GivesNoBodyToHead) {
  serve({});
  RawClient client(address_);
  ASSERT_TRUE(client.send("HEAD / HTTP/1.1\r\nHost: x\r\n\r\nGET /2 HTTP/1.1\r\nHost: x\r\n\r\n"));
  EXPECT_THAT(client.read_response(false), HasSubstr("content-length: 8\r\n"));
  EXPECT_THAT(client.read_response(), EndsWith("GET /2||"));
}

TEST_F(HttpServer, InvitesABodyThatWaitsForIt) {
  serve({});
  RawClient client(address_);
  ASSERT_TRUE(client.send(
      "POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"));
  EXPECT_EQ(client.read_response(), "HTTP/1.1 100 Continue\r\n\r\n");
  ASSERT_TRUE(client.send("ok"));
  EXPECT_THAT(client.read_response(), EndsWith("POST /||ok"));
}

TEST_F(HttpServer, RefusesAnInvitedBodyThatIsTooLarge) {
  ServerLimits limits;
  limits.common.body_bytes_max = 10;
  serve(limits);
  RawClient client(address_);
  ASSERT_TRUE(client.send(
      "POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 11\r\n\r\n"));
  EXPECT_THAT(client.read_to_end(), StartsWith("HTTP/1.1 413 Content Too Large\r\n"));
}

TEST_F(HttpServer, AnswersMalformedRequestsAndCloses) {
  ServerLimits limits;
  limits.header_bytes_max = 4096;
  limits.common.body_bytes_max = 1000;
  serve(limits);
  const std::string long_value(5000, 'v');
  const std::pair<std::string, int> cases[] = {
      {"nonsense\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nHost: x\r\nbad header\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nHost: x\r\nName : value\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nHost: x\r\nA: \x01\r\n\r\n", 400},
      {std::string("GET /\0 HTTP/1.1\r\nHost: x\r\n\r\n", 29), 400},
      {"GET relative HTTP/1.1\r\nHost: x\r\n\r\n", 400},
      {"GET / HTTP/9.9\r\nHost: x\r\n\r\n", 505},
      {"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", 400},
      {"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n", 400},
      {"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", 400},
      {"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
       400},
      {"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n", 501},
      {"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", 400},
      {"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nffffffffff\r\n", 413},
      {"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1001\r\n\r\n", 413},
      {"POST / HTTP/1.1\r\nHost: x\r\nExpect: a-miracle\r\nContent-Length: 1\r\n\r\n", 417},
      {"GET / HTTP/1.1\r\nHost: x\r\nA: " + long_value + "\r\n\r\n", 431},
      {"GET /" + long_value + " HTTP/1.1\r\nHost: x\r\n\r\n", 431},
  };
  for (const auto& [request, status] : cases) {
    SCOPED_TRACE(request);
    RawClient client(address_);
    ASSERT_TRUE(client.send(request));
    EXPECT_THAT(client.read_to_end(), StartsWith("HTTP/1.1 " + std::to_string(status) + " "));
  }
  EXPECT_THAT(refusals(), HasSubstr("HTTP 413: The request's body is larger than 1000 bytes."));
  RawClient client(address_);
  ASSERT_TRUE(client.send("GET /alive HTTP/1.1\r\nHost: x\r\n\r\n"));
  EXPECT_THAT(client.read_response(), EndsWith("GET /alive||"));
}

TEST_F(HttpServer, TheAnswerReachesAClientThatIsStillSending) {
  ServerLimits limits;
  limits.common.body_bytes_max = 1000;
  serve(limits);
  RawClient client(address_);
  ASSERT_TRUE(client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4000000\r\n\r\n"));
  EXPECT_TRUE(client.send(std::string(4'000'000, 'x')));
  EXPECT_THAT(client.read_to_end(), StartsWith("HTTP/1.1 413 "));
}

TEST_F(HttpServer, ClosesAfterOneRequestWhenAskedTo) {
  serve({});
  for (const char* request :
       {"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", "GET / HTTP/1.0\r\n\r\n"}) {
    RawClient client(address_);
    ASSERT_TRUE(client.send(request));
    EXPECT_THAT(client.read_to_end(), HasSubstr("connection: close\r\n"));
  }
}

TEST_F(HttpServer, TimesOutAPeerThatIsTooSlow) {
  ServerLimits limits;
  limits.header_timeout_ms = 20;
  limits.body_timeout_ms = 20;
  limits.idle_timeout_ms = 20;
  serve(limits);
  RawClient idle(address_), slow_header(address_), slow_body(address_);
  ASSERT_TRUE(slow_header.send("GET / HTTP/1.1\r\nHo"));
  ASSERT_TRUE(slow_body.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\na"));
  EXPECT_EQ(idle.read_to_end(), "");
  EXPECT_THAT(slow_header.read_to_end(), StartsWith("HTTP/1.1 408 Request Timeout\r\n"));
  EXPECT_THAT(slow_body.read_to_end(), StartsWith("HTTP/1.1 408 Request Timeout\r\n"));
}

io::Task<Response> answer_later(std::shared_ptr<io::OneShot<std::string>> gate) {
  Response response;
  response.body = co_await *gate;
  co_return response;
}

// Handlers that wait until the test lets them go on.
struct Waiting {
  std::mutex mutex;
  std::condition_variable arrived;
  std::vector<std::shared_ptr<io::OneShot<std::string>>> gates;

  Handler handler() {
    return [this](io::Executor& home, const Request& request) {
      if (request.target == "/now") return echo(request);
      auto gate = std::make_shared<io::OneShot<std::string>>(home);
      std::lock_guard lock(mutex);
      gates.push_back(gate);
      arrived.notify_all();
      return answer_later(gate);
    };
  }
  void await(size_t count) {
    std::unique_lock lock(mutex);
    arrived.wait(lock, [&] { return gates.size() >= count; });
  }
  void open() {
    std::lock_guard lock(mutex);
    for (const auto& gate : gates) gate->set("done");
  }
};

constexpr const char* kGet = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
constexpr const char* kGetNow = "GET /now HTTP/1.1\r\nHost: x\r\n\r\n";

TEST_F(HttpServer, RefusesConnectionsPastItsBoundWhenNoneIsIdle) {
  ServerLimits limits;
  limits.common.connections_max = 2;
  Waiting waiting;
  serve(limits, waiting.handler());
  RawClient first(address_), second(address_);
  ASSERT_TRUE(first.send(kGet));
  ASSERT_TRUE(second.send(kGet));
  waiting.await(2);
  RawClient third(address_);
  third.send(kGetNow);
  EXPECT_EQ(third.read_to_end(), "");
  EXPECT_THAT(refusals(), HasSubstr("A connection was refused: 2 are open."));
  waiting.open();
  EXPECT_THAT(first.read_response(), EndsWith("done"));
}

TEST_F(HttpServer, ANewConnectionTakesThePlaceOfAnIdleOne) {
  ServerLimits limits;
  limits.common.connections_max = 3;
  Waiting waiting;
  serve(limits, waiting.handler());
  RawClient busy(address_), used(address_), silent(address_);
  ASSERT_TRUE(busy.send(kGet));
  waiting.await(1);
  ASSERT_TRUE(used.send(kGetNow));
  EXPECT_NE(used.read_response(), "");
  // More than the server takes at once, none of which goes by itself: each finds its place.
  std::vector<std::unique_ptr<RawClient>> others;
  for (int i = 0; i < 20; ++i) {
    others.push_back(std::make_unique<RawClient>(address_));
    ASSERT_TRUE(others.back()->send(kGetNow));
    EXPECT_THAT(others.back()->read_response(), EndsWith("GET /now||"));
  }
  EXPECT_EQ(silent.read_to_end(), "");
  waiting.open();
  EXPECT_THAT(busy.read_response(), EndsWith("done"));
}

TEST_F(HttpServer, AConnectionThatNeverSentARequestGoesBeforeOneThatDid) {
  ServerLimits limits;
  limits.common.connections_max = 4;
  serve(limits);
  // Dealt to two reactors in turn: each has one of either kind.
  RawClient used(address_), used_too(address_), silent(address_), silent_too(address_);
  for (RawClient* each : {&used, &used_too}) {
    ASSERT_TRUE(each->send(kGet));
    EXPECT_NE(each->read_response(), "");
  }
  RawClient next(address_);
  ASSERT_TRUE(next.send(kGet));
  EXPECT_NE(next.read_response(), "");
  for (RawClient* each : {&used, &used_too}) {
    ASSERT_TRUE(each->send(kGet));
    EXPECT_NE(each->read_response(), "");
  }
}

std::string post_of(size_t bytes, const std::string& path = "/") {
  return "POST " + path + " HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(bytes) +
         "\r\n\r\n";
}

TEST_F(HttpServer, TakesTheBytesOfAllBodiesFromOneBudget) {
  ServerLimits limits;
  limits.common.bytes_max = 4u << 20;
  limits.header_timeout_ms = limits.body_timeout_ms = 60'000;
  serve(limits);
  RawClient first(address_), small(address_), third(address_);
  const std::string body(3u << 20, 'b');
  ASSERT_TRUE(first.send(post_of(body.size())));
  ASSERT_TRUE(first.send(std::string_view(body).substr(1)));
  // Others are invited to send their bodies until the first one's bytes were read.
  std::string refused = "HTTP/1.1 100 Continue";
  for (int asked = 0; asked < 20'000 && refused.starts_with("HTTP/1.1 100 "); ++asked) {
    RawClient asking(address_);
    ASSERT_TRUE(
        asking.send("POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n"
                    "Content-Length: 1000000\r\n\r\n"));
    refused = asking.read_response();
  }
  EXPECT_THAT(refused, StartsWith("HTTP/1.1 503 Service Unavailable\r\n"));
  EXPECT_THAT(refusals(), HasSubstr("There is no room for a request."));
  // Small requests have a part of the budget to themselves.
  ASSERT_TRUE(small.send(post_of(2) + "hi"));
  EXPECT_THAT(small.read_response(), EndsWith("POST /||hi"));
  ASSERT_TRUE(first.send("b"));
  EXPECT_THAT(first.read_response(), EndsWith("POST /||" + body));
  ASSERT_TRUE(first.send(kGet));
  EXPECT_NE(first.read_response(), "");  // the large answer has been written: its place is free
  ASSERT_TRUE(third.send(post_of(body.size()) + body));
  EXPECT_THAT(third.read_response(), EndsWith("POST /||" + body));
}

TEST_F(HttpServer, APeerThatAnnouncesMuchAndSendsLittleHoldsLittle) {
  serve({});
  constexpr size_t kPeers = 20, kStepBytes = 16u << 10;
  std::vector<std::unique_ptr<RawClient>> peers;
  for (size_t i = 0; i < kPeers; ++i) {
    peers.push_back(std::make_unique<RawClient>(address_));
    ASSERT_TRUE(peers.back()->send(post_of(70u << 20) + "b"));
  }
  while (server_->usage(false).bytes < kPeers * kStepBytes) std::this_thread::yield();
  EXPECT_LT(server_->usage(false).bytes, kPeers * kStepBytes * 3 / 2);
}

TEST_F(HttpServer, AHeaderTakesItsPlaceTooAndIsRefusedPlainly) {
  ServerLimits limits;
  limits.common.bytes_max = 10'000;
  std::atomic<int> asked{0};
  reactors_.start();
  server_ = std::make_unique<Server>(reactors_, clock_, limits, [](std::string_view) {});
  const OverloadAnswer answer = [&asked](io::Executor&, const Request&) {
    ++asked;
    return Response();
  };
  auto listener = server_->listen(
      {"127.0.0.1", 0},
      {[](io::Executor&, const Request& request) { return echo(request); }, "", nullptr, answer});
  ASSERT_TRUE(listener.ok());
  RawClient client(*server_->address(*listener));
  ASSERT_TRUE(client.send("GET / HTTP/1.1\r\nHost: x\r\nA: " + std::string(11'000, 'a')));
  EXPECT_THAT(client.read_to_end(), StartsWith("HTTP/1.1 503 Service Unavailable\r\n"));
  EXPECT_EQ(asked, 0);
}

TEST_F(HttpServer, StopsReadingAChunkedBodyThatFindsNoMoreRoom) {
  ServerLimits limits;
  limits.common.bytes_max = 1u << 20;
  serve(limits);
  RawClient client(address_);
  ASSERT_TRUE(client.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"));
  ASSERT_TRUE(client.send("200000\r\n" + std::string(2u << 20, 'x')));
  EXPECT_THAT(client.read_to_end(), StartsWith("HTTP/1.1 503 "));
}

TEST_F(HttpServer, AsksItsJudgeBeforeItReadsALongBody) {
  std::atomic<int> judged{0};
  const Judge judge = [&judged](io::Executor&, const Request& head) -> std::optional<Response> {
    ++judged;
    if (head.headers.get("pass") == "yes") return std::nullopt;
    Response response;
    response.status = 403;
    response.body = "who are you?";
    return response;
  };
  ServerLimits limits;
  limits.unjudged_body_bytes_max = 100;
  reactors_.start();
  server_ = std::make_unique<Server>(reactors_, clock_, limits, [](std::string_view) {});
  auto listener = server_->listen(
      {"127.0.0.1", 0},
      {[](io::Executor&, const Request& request) { return echo(request); }, "", judge});
  ASSERT_TRUE(listener.ok());
  address_ = *server_->address(*listener);

  RawClient small(address_), refused(address_), chunked(address_), passed(address_);
  ASSERT_TRUE(small.send(post_of(100) + std::string(100, 's')));
  EXPECT_THAT(small.read_response(), EndsWith(std::string(100, 's')));
  EXPECT_EQ(judged, 0);
  ASSERT_TRUE(refused.send(post_of(101)));  // and nothing of the body
  EXPECT_THAT(refused.read_to_end(), EndsWith("who are you?"));
  ASSERT_TRUE(chunked.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"));
  EXPECT_THAT(chunked.read_to_end(), StartsWith("HTTP/1.1 403 "));
  ASSERT_TRUE(passed.send("POST / HTTP/1.1\r\nHost: x\r\nPass: yes\r\nContent-Length: 101\r\n\r\n" +
                          std::string(101, 'p')));
  EXPECT_THAT(passed.read_response(), EndsWith(std::string(101, 'p')));
  EXPECT_EQ(judged, 3);
}

TEST_F(HttpServer, RefusesRequestsPastTheNumberThatMayBeHandled) {
  ServerLimits limits;
  limits.common.requests_max = 1;
  Waiting waiting;
  serve(limits, waiting.handler());
  RawClient busy(address_), other(address_);
  ASSERT_TRUE(busy.send(kGet));
  waiting.await(1);
  ASSERT_TRUE(other.send(kGetNow));
  EXPECT_THAT(other.read_response(), StartsWith("HTTP/1.1 503 Service Unavailable\r\n"));
  EXPECT_EQ(server_->usage(false).requests, 1u);
  EXPECT_EQ(server_->usage(false).connections, 2u);
  EXPECT_GT(server_->usage(false).bytes, 0u);
  EXPECT_EQ(server_->usage(true).connections, 0u);
  waiting.open();
  EXPECT_THAT(busy.read_response(), EndsWith("done"));
  // The same connection, later.
  std::string answer;
  while (answer.find("200 OK") == std::string::npos) {
    ASSERT_TRUE(other.send(kGetNow));
    answer = other.read_response();
    ASSERT_NE(answer, "");
  }
}

TEST_F(HttpServer, AConfinedListenerCannotTakeWhatTheOthersNeed) {
  Waiting waiting;
  ServerLimits limits;
  limits.common.connections_max = 1;
  limits.common.bytes_max = 1u << 20;
  serve(limits);
  ListenerLimits own;
  own.connections_max = 2;
  own.requests_max = 1;
  own.bytes_max = 1u << 20;
  auto confined =
      server_->listen({"127.0.0.1", 0}, {waiting.handler(), "environment", nullptr, nullptr, own});
  ASSERT_TRUE(confined.ok());
  const Address address = *server_->address(*confined);
  RawClient first(address), second(address), third(address);
  ASSERT_TRUE(first.send(kGet));
  waiting.await(1);
  ASSERT_TRUE(second.send(kGetNow));
  EXPECT_THAT(second.read_response(), StartsWith("HTTP/1.1 503 "));
  third.send(kGetNow);
  EXPECT_EQ(third.read_to_end(), "");
  ASSERT_TRUE(second.send(post_of(2u << 20)));
  EXPECT_THAT(second.read_to_end(), StartsWith("HTTP/1.1 503 "));

  RawClient outside(address_);
  ASSERT_TRUE(outside.send(post_of(500'000) + std::string(500'000, 'o')));
  EXPECT_THAT(outside.read_response(), EndsWith(std::string(500'000, 'o')));
  waiting.open();
  EXPECT_THAT(first.read_response(), EndsWith("done"));
}

TEST_F(HttpServer, RefusesAPortThatIsTaken) {
  serve({});
  auto second = server_->listen(address_, {nullptr, ""});
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().code, ErrorCode::kAlreadyExists);
}

// Runs `meanwhile` while no reactor runs anything else.
void while_halted(io::Reactors& reactors, const std::function<void()>& meanwhile) {
  std::promise<void> over;
  std::shared_future<void> go_on = over.get_future().share();
  for (size_t i = 0; i < reactors.size(); ++i) {
    std::promise<void> halted;
    reactors.at(i).post([&halted, go_on] {
      halted.set_value();
      go_on.wait();
    });
    halted.get_future().wait();
  }
  meanwhile();
  over.set_value();
}

TEST_F(HttpServer, ServesWhoeverComesInTheMiddleOfACrowdThatNeverSpeaks) {
  ServerLimits limits;
  limits.common.connections_max = 4;
  serve(limits);
  std::vector<std::unique_ptr<RawClient>> clients;
  while_halted(reactors_, [&] {
    for (int i = 0; i < 600; ++i) {
      clients.push_back(std::make_unique<RawClient>(address_));
      if (i % 150 == 149)
        clients.back()->send("GET /" + std::to_string(i) + " HTTP/1.1\r\nHost: x\r\n\r\n");
    }
  });
  for (size_t i = 149; i < clients.size(); i += 150) {
    EXPECT_THAT(clients[i]->read_response(), EndsWith("GET /" + std::to_string(i) + "||"));
  }
  EXPECT_THAT(refusals(), Not(HasSubstr("refused")));
}

TEST_F(HttpServer, StopLetsWhatIsInFlightEndAndClosesIdleConnections) {
  std::promise<std::shared_ptr<io::OneShot<std::string>>> handling;
  serve({}, [&handling](io::Executor& home, const Request& request) {
    if (request.target == "/now") return echo(request);
    auto gate = std::make_shared<io::OneShot<std::string>>(home);
    handling.set_value(gate);
    return answer_later(gate);
  });
  // Dealt to two reactors in turn: the last one stands on the busy one's.
  RawClient idle(address_), busy(address_), idle_too(address_), beside_busy(address_);
  for (RawClient* each : {&idle, &idle_too, &beside_busy}) {
    ASSERT_TRUE(each->send("GET /now HTTP/1.1\r\nHost: x\r\n\r\n"));
    EXPECT_NE(each->read_response(), "");
  }
  ASSERT_TRUE(busy.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
  auto gate = handling.get_future().get();
  std::future<bool> stopped = std::async(std::launch::async, [&] { return server_->stop(9000); });
  EXPECT_EQ(idle.read_to_end(), "");
  EXPECT_EQ(beside_busy.read_to_end(), "");
  gate->set("done");
  const std::string answer = busy.read_to_end();
  EXPECT_THAT(answer, HasSubstr("connection: close\r\n"));
  EXPECT_THAT(answer, EndsWith("done"));
  EXPECT_TRUE(stopped.get());
}

TEST_F(HttpServer, DrainEndsOneListenerAndLeavesTheOthers) {
  serve({});
  const Handler handler = [](io::Executor&, const Request& request) { return echo(request); };
  auto other = server_->listen({"127.0.0.1", 0}, {handler, "other"});
  ASSERT_TRUE(other.ok());
  RawClient client(address_), other_client(*server_->address(*other));
  for (RawClient* each : {&client, &other_client}) {
    ASSERT_TRUE(each->send("GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
    EXPECT_NE(each->read_response(), "");
  }
  EXPECT_TRUE(server_->drain(listener_, 9000));
  EXPECT_EQ(client.read_to_end(), "");
  ASSERT_TRUE(other_client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
  EXPECT_THAT(other_client.read_response(), EndsWith("GET /|other|"));
}

TEST_F(HttpServer, StopGivesUpOnAHandlerThatDoesNotEnd) {
  std::promise<std::shared_ptr<io::OneShot<std::string>>> handling;
  serve({}, [&handling](io::Executor& home, const Request&) {
    auto gate = std::make_shared<io::OneShot<std::string>>(home);
    handling.set_value(gate);
    return answer_later(gate);
  });
  RawClient busy(address_);
  ASSERT_TRUE(busy.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
  auto gate = handling.get_future().get();
  EXPECT_FALSE(server_->stop(10));
  EXPECT_EQ(busy.read_to_end(), "");
  gate->set("late");
}

TEST_F(HttpServer, AnAdoptedSocketHasItsOwnHandlerAndGoesWhenRemoved) {
  serve({});
  auto socket = open_listening_socket({"127.0.0.1", 0});
  ASSERT_TRUE(socket.ok());
  auto adopted = server_->adopt(
      socket.take(),
      {[](io::Executor&, const Request& request) { return echo(request); }, "environment-7"});
  ASSERT_TRUE(adopted.ok());
  RawClient client(*server_->address(*adopted)), other(address_);
  ASSERT_TRUE(client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
  EXPECT_THAT(client.read_response(), EndsWith("GET /|environment-7|"));
  server_->remove(*adopted);
  EXPECT_EQ(client.read_to_end(), "");
  EXPECT_FALSE(server_->address(*adopted).ok());
  ASSERT_TRUE(other.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
  EXPECT_THAT(other.read_response(), EndsWith("GET /||"));
}

TEST(HttpAddress, ReadsAddressesAndRefusesNonsense) {
  EXPECT_EQ(parse_address("127.0.0.1:4566")->text(), "127.0.0.1:4566");
  EXPECT_EQ(parse_address("[::1]:80")->text(), "[::1]:80");
  EXPECT_EQ(parse_address("localhost:1")->text(), "127.0.0.1:1");
  EXPECT_TRUE(parse_address("[::1]:80")->is_loopback());
  EXPECT_TRUE(parse_address("127.8.0.1:80")->is_loopback());
  EXPECT_FALSE(parse_address("0.0.0.0:80")->is_loopback());
  for (const char* wrong : {"", "4566", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "::1:80",
                            "example.com:80", "127.0.0.1:80x", "[127.0.0.1]:80"}) {
    EXPECT_FALSE(parse_address(wrong).ok()) << wrong;
  }
}

}  // namespace
}  // namespace millstream::http
