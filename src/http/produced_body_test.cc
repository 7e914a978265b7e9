#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <thread>

#include "http/http2_test_client.h"
#include "http/server.h"
#include "http/test_client.h"

namespace millstream::http {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using testing::Http2Client;
using ::testing::Not;
using testing::RawClient;

constexpr size_t kPieceBytes = 100'000;

// What the producers of a test did.
struct Tally {
  std::atomic<size_t> pieces{0};
  std::atomic<size_t> begun{0};
  std::atomic<size_t> ended{0};

  void await_ended(size_t wanted) const {
    while (ended < wanted) std::this_thread::yield();
  }
  void await_begun(size_t wanted) const {
    while (begun < wanted) std::this_thread::yield();
  }
};

std::string piece_of(size_t number) {
  return std::string(kPieceBytes, static_cast<char>('a' + number % 26));
}

// Writes `count` pieces, or until no more is wanted.
class Pieces final : public BodyProducer {
 public:
  Pieces(Tally& tally, size_t count, bool whole) : tally_(tally), count_(count), whole_(whole) {}
  ~Pieces() override {
    if (begun_) ++tally_.ended;
  }
  io::Task<bool> run(BodySink& sink) override {
    begun_ = true;
    ++tally_.begun;
    for (size_t i = 0; i < count_; ++i) {
      const bool more = co_await sink.write(piece_of(i));
      ++tally_.pieces;
      if (!more) break;
    }
    co_return whole_;
  }

 private:
  Tally& tally_;
  const size_t count_;
  const bool whole_;
  bool begun_ = false;
};

// Writes one piece, then waits until no more is wanted.
class Waiting final : public BodyProducer {
 public:
  Waiting(Tally& tally, io::Executor& home) : tally_(tally), home_(home) {}
  ~Waiting() override { ++tally_.ended; }
  io::Task<bool> run(BodySink& sink) override {
    ++tally_.begun;
    auto end = std::make_shared<io::OneShot<bool>>(home_);
    sink.set_end_observer([end] { end->set(true); });
    (void)co_await sink.write("first");
    (void)co_await *end;
    EXPECT_FALSE(sink.wanted());
    const bool more = co_await sink.write("unwanted");
    EXPECT_FALSE(more);
    co_return true;
  }

 private:
  Tally& tally_;
  io::Executor& home_;
};

io::Task<Response> answer(Tally& tally, io::Executor& home, const Request& request) {
  Response response;
  if (request.target == "/wait") {
    response.producer = std::make_unique<Waiting>(tally, home);
  } else if (request.target == "/endless") {
    response.producer = std::make_unique<Pieces>(tally, SIZE_MAX, true);
  } else if (request.target == "/broken") {
    response.producer = std::make_unique<Pieces>(tally, 2, false);
  } else if (request.target == "/pieces") {
    response.producer = std::make_unique<Pieces>(tally, 30, true);
  } else {
    response.body = "plain";
  }
  co_return response;
}

std::string thirty_pieces() {
  std::string text;
  for (size_t i = 0; i < 30; ++i) text += piece_of(i);
  return text;
}

class ProducedBody : public ::testing::Test {
 protected:
  void serve(const ServerLimits& limits = {}) {
    reactors_.start();
    server_ = std::make_unique<Server>(reactors_, clock_, limits, [](std::string_view) {});
    Handler handler = [this](io::Executor& home, const Request& request) {
      return answer(tally_, home, request);
    };
    auto listener = server_->listen({"127.0.0.1", 0}, {std::move(handler), ""});
    ASSERT_TRUE(listener.ok());
    address_ = *server_->address(*listener);
  }
  void TearDown() override {
    if (server_) server_->stop(2000);
    EXPECT_EQ(tally_.begun.load(), tally_.ended.load());
    server_.reset();
    reactors_.stop();
  }

  Tally tally_;
  SystemClock clock_;
  io::Reactors reactors_{2};
  std::unique_ptr<Server> server_;
  Address address_;
};

std::string get(const std::string& path, const std::string& version = "1.1") {
  return "GET " + path + " HTTP/" + version + "\r\nHost: x\r\n\r\n";
}

// The content of a chunked body, which must end well.
std::string dechunked(std::string_view text) {
  std::string content;
  while (true) {
    const size_t line = text.find("\r\n");
    if (line == text.npos) return "cut in a size";
    const size_t bytes = std::stoul(std::string(text.substr(0, line)), nullptr, 16);
    text.remove_prefix(line + 2);
    if (bytes == 0) return text == "\r\n" ? content : "more behind the end";
    if (text.size() < bytes + 2) return "cut in a chunk";
    content += text.substr(0, bytes);
    text.remove_prefix(bytes + 2);
  }
}

std::string read_until(RawClient& client, std::string_view end) {
  std::string text;
  while (!text.ends_with(end) && client.receive(&text)) {
  }
  return text;
}

TEST_F(ProducedBody, ComesInChunksAndTheConnectionGoesOn) {
  serve();
  RawClient client(address_);
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(client.send(get("/pieces")));
    const std::string text = read_until(client, "\r\n0\r\n\r\n");
    const size_t head = text.find("\r\n\r\n") + 4;
    EXPECT_THAT(text.substr(0, head), HasSubstr("\r\ntransfer-encoding: chunked\r\n"));
    EXPECT_THAT(text.substr(0, head), Not(HasSubstr("content-length")));
    EXPECT_TRUE(dechunked(std::string_view(text).substr(head)) == thirty_pieces());
  }
  ASSERT_TRUE(client.send(get("/")));
  EXPECT_THAT(client.read_response(), EndsWith("plain"));
}

TEST_F(ProducedBody, WhatIsAskedMeanwhileIsAnsweredAfterwards) {
  serve();
  RawClient client(address_);
  ASSERT_TRUE(client.send(get("/pieces") + get("/")));
  ASSERT_TRUE(client.send(get("/") + "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));
  const std::string text = client.read_to_end();
  const size_t end = text.find("\r\n0\r\n\r\n");
  ASSERT_NE(end, text.npos);
  size_t answers = 0;
  for (size_t at = end; (at = text.find("plain", at)) != text.npos; ++at) ++answers;
  EXPECT_EQ(answers, 3u);
}

TEST_F(ProducedBody, GoesToTheConnectionsEndForHttp10) {
  serve();
  RawClient client(address_);
  ASSERT_TRUE(client.send(get("/pieces", "1.0")));
  const std::string text = client.read_to_end();
  EXPECT_THAT(text.substr(0, text.find("\r\n\r\n")), Not(HasSubstr("chunked")));
  EXPECT_TRUE(text.ends_with("\r\n\r\n" + thirty_pieces()));
}

TEST_F(ProducedBody, IsNotMadeForHead) {
  serve();
  RawClient client(address_);
  ASSERT_TRUE(client.send("HEAD /pieces HTTP/1.1\r\nHost: x\r\n\r\n"));
  EXPECT_THAT(client.read_response(false), HasSubstr("transfer-encoding: chunked"));
  ASSERT_TRUE(client.send(get("/")));
  EXPECT_THAT(client.read_response(), EndsWith("plain"));
  Http2Client second(address_);
  EXPECT_EQ(second.wait(second.submit("HEAD", "/pieces")).body, "");
  EXPECT_EQ(tally_.pieces, 0u);
  EXPECT_EQ(tally_.begun, 0u);
}

TEST_F(ProducedBody, ABrokenOneIsCutSoThatThePeerKnows) {
  serve();
  RawClient client(address_);
  ASSERT_TRUE(client.send(get("/broken")));
  EXPECT_THAT(client.read_to_end(), Not(EndsWith("0\r\n\r\n")));
  Http2Client second(address_);
  const auto& cut = second.wait(second.submit("GET", "/broken"));
  EXPECT_EQ(cut.body.size(), 2 * kPieceBytes);
  EXPECT_EQ(cut.error, static_cast<uint32_t>(NGHTTP2_INTERNAL_ERROR));
  EXPECT_EQ(second.wait(second.submit("GET", "/")).body, "plain");
}

// No more is made than the socket's buffers, the window and a piece hold.
TEST_F(ProducedBody, WaitsForAPeerThatDoesNotRead) {
  ServerLimits limits;
  limits.write_timeout_ms = 200;
  serve(limits);
  RawClient client(address_);
  ASSERT_TRUE(client.send(get("/endless")));
  tally_.await_ended(1);
  EXPECT_LT(tally_.pieces * kPieceBytes, 64u << 20);
  client.read_to_end();

  tally_.pieces = 0;
  Http2Client second(address_, false);
  const int32_t id = second.submit("GET", "/endless");
  while (second.answers[id].body.size() < 65'535 && second.step()) {
  }
  EXPECT_EQ(second.answers[id].body.size(), 65'535u);
  tally_.await_ended(2);
  EXPECT_EQ(tally_.pieces, 1u);
}

TEST_F(ProducedBody, ItsProducerLearnsThatThePeerWentAway) {
  serve();
  {
    RawClient waiting(address_);
    ASSERT_TRUE(waiting.send(get("/wait")));
    EXPECT_THAT(read_until(waiting, "first\r\n"), EndsWith("first\r\n"));
    RawClient writing(address_);
    ASSERT_TRUE(writing.send(get("/endless")));
    Http2Client second(address_);
    const int32_t id = second.submit("GET", "/wait");
    while (second.answers[id].body.empty() && second.step()) {
    }
    tally_.await_begun(3);
  }
  tally_.await_ended(3);
}

TEST_F(ProducedBody, ACancelledStreamHarmsNoOther) {
  serve();
  Http2Client client(address_);
  const int32_t cancelled = client.submit("GET", "/wait");
  const int32_t endless = client.submit("GET", "/endless");
  const int32_t whole = client.submit("GET", "/pieces");
  while (client.answers[cancelled].body.empty() && client.step()) {
  }
  client.cancel(cancelled);
  EXPECT_TRUE(client.wait(whole).body == thirty_pieces());
  client.cancel(endless);
  EXPECT_EQ(client.wait(client.submit("GET", "/")).body, "plain");
  tally_.await_ended(3);
}

TEST_F(ProducedBody, CancelledOnesThatStillRunCountAsRequests) {
  ServerLimits limits;
  limits.common.requests_max = 2;
  serve(limits);
  Http2Client client(address_);
  const int32_t first = client.submit("GET", "/wait");
  const int32_t second = client.submit("GET", "/wait");
  ASSERT_TRUE(client.flush());
  tally_.await_begun(2);
  EXPECT_EQ(client.wait(client.submit("GET", "/")).status, "503");
  client.cancel(first);
  client.cancel(second);
  ASSERT_TRUE(client.flush());
  tally_.await_ended(2);
  while (client.wait(client.submit("GET", "/")).status == "503") {
  }
}

TEST_F(ProducedBody, EndsWellWhenTheServerStops) {
  serve();
  RawClient client(address_);
  ASSERT_TRUE(client.send(get("/wait")));
  EXPECT_THAT(read_until(client, "first\r\n"), EndsWith("first\r\n"));
  Http2Client second(address_);
  const int32_t id = second.submit("GET", "/wait");
  while (second.answers[id].body.empty() && second.step()) {
  }
  std::future<bool> stopped = std::async(std::launch::async, [&] { return server_->stop(9000); });
  EXPECT_EQ(client.read_to_end(), "0\r\n\r\n");
  EXPECT_EQ(second.wait(id).error, static_cast<uint32_t>(NGHTTP2_NO_ERROR));
  EXPECT_EQ(second.wait(id).body, "first");
  while (second.step()) {
  }
  EXPECT_TRUE(stopped.get());
}

}  // namespace
}  // namespace millstream::http
