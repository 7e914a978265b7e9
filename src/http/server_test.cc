#include "http/server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <thread>

#include "http/acceptor.h"
#include "http/test_client.h"

namespace millstream::http {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
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
  limits.body_bytes_max = 10;
  serve(limits);
  RawClient client(address_);
  ASSERT_TRUE(client.send(
      "POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 11\r\n\r\n"));
  EXPECT_THAT(client.read_to_end(), StartsWith("HTTP/1.1 413 Content Too Large\r\n"));
}

TEST_F(HttpServer, AnswersMalformedRequestsAndCloses) {
  ServerLimits limits;
  limits.header_bytes_max = 4096;
  limits.body_bytes_max = 1000;
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
  limits.body_bytes_max = 1000;
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

TEST_F(HttpServer, RefusesConnectionsPastItsBound) {
  ServerLimits limits;
  limits.connections_max = 1;
  serve(limits);
  RawClient first(address_);
  ASSERT_TRUE(first.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
  EXPECT_NE(first.read_response(), "");
  RawClient second(address_);
  second.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(second.read_to_end(), "");
  EXPECT_THAT(refusals(), HasSubstr("A connection was refused: 1 are open."));
}

TEST_F(HttpServer, RefusesAPortThatIsTaken) {
  serve({});
  auto second = server_->listen(address_, {nullptr, ""});
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().code, ErrorCode::kAlreadyExists);
}

io::Task<Response> answer_later(std::shared_ptr<io::OneShot<std::string>> gate) {
  Response response;
  response.body = co_await *gate;
  co_return response;
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
