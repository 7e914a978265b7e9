#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <mutex>

#include "http/self_signed.h"
#include "http/server.h"
#include "http/tls_context.h"
#include "http/tls_test_client.h"

namespace millstream::http {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using testing::RawClient;
using ::testing::StartsWith;
using testing::TlsClient;

constexpr std::string_view kRequest = "GET /a HTTP/1.1\r\nHost: localhost\r\n\r\n";

io::Task<Response> echo(const Request& request) {
  Response response;
  response.body = request.method + " " + request.target + "|" + request.body;
  co_return response;
}

class Tls : public ::testing::Test {
 protected:
  // OpenSSL's own socket functions would end the test when the server closes.
  static void SetUpTestSuite() { std::signal(SIGPIPE, SIG_IGN); }

  void serve(const ServerLimits& limits = {}) {
    const std::vector<std::string> names = {"localhost", "127.0.0.1", "::1"};
    auto made = make_self_signed(names, clock_.wall_ms());
    ASSERT_TRUE(made.ok());
    certificate_ = made->certificate;
    auto context = TlsContext::make(made->certificate, made->key);
    ASSERT_TRUE(context.ok()) << context.error().message;
    reactors_.start();
    server_ = std::make_unique<Server>(reactors_, clock_, limits, [this](std::string_view reason) {
      std::lock_guard lock(mutex_);
      refusals_ += std::string(reason) + "\n";
    });
    Server::ListenerOptions options;
    options.handler = [](io::Executor&, const Request& request) { return echo(request); };
    options.tls = *context;
    auto listener = server_->listen({"127.0.0.1", 0}, std::move(options));
    ASSERT_TRUE(listener.ok());
    address_ = *server_->address(*listener);
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
  void expect_served() {
    TlsClient client(address_, certificate_);
    ASSERT_TRUE(client.connect());
    ASSERT_TRUE(client.send(kRequest));
    EXPECT_THAT(client.read_until("GET /a|"), StartsWith("HTTP/1.1 200 OK\r\n"));
  }

  SystemClock clock_;
  io::Reactors reactors_{2};
  std::mutex mutex_;
  std::string refusals_;
  std::string certificate_;
  std::unique_ptr<Server> server_;
  Address address_;
};

TEST_F(Tls, IsSpokenOnThePortOfCleartext) {
  serve();
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    TlsClient client(address_, certificate_, {.version = version});
    ASSERT_TRUE(client.connect()) << openssl_reason();
    for (int i = 0; i < 3; ++i) {
      ASSERT_TRUE(client.send(kRequest));
      EXPECT_THAT(client.read_until("GET /a|"), StartsWith("HTTP/1.1 200 OK\r\n"));
    }
  }
  RawClient plain(address_);
  ASSERT_TRUE(plain.send(kRequest));
  EXPECT_THAT(plain.read_response(), EndsWith("GET /a|"));
}

TEST_F(Tls, RefusesOlderVersions) {
  serve();
  TlsClient client(address_, certificate_, {.version = TLS1_1_VERSION});
  EXPECT_FALSE(client.connect());
  expect_served();
}

TEST_F(Tls, ChoosesHttp2BeforeHttp11AndNothingElse) {
  serve();
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"\x08http/1.1\x02h2", "h2"}, {"\x08http/1.1", "http/1.1"}, {"", ""}};
  for (const auto& [offered, chosen] : cases) {
    TlsClient client(address_, certificate_, {.protocols = offered});
    ASSERT_TRUE(client.connect());
    EXPECT_EQ(client.protocol(), chosen);
  }
  TlsClient other(address_, certificate_, {.protocols = "\x06spdy/3"});
  EXPECT_FALSE(other.connect());
}

TEST_F(Tls, SpeaksHttp2) {
  serve();
  TlsClient client(address_, certificate_, {.protocols = "\x02h2"});
  ASSERT_TRUE(client.connect());
  ASSERT_TRUE(client.send(std::string("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n") +
                          std::string("\0\0\0\4\0\0\0\0\0", 9)));
  std::string frames;
  while (frames.size() < 9 && client.receive(&frames)) {
  }
  ASSERT_GE(frames.size(), 9u);
  EXPECT_EQ(frames[3], 4);  // SETTINGS
}

TEST_F(Tls, MovesBodiesLargerThanAnyBuffer) {
  serve();
  TlsClient client(address_, certificate_);
  ASSERT_TRUE(client.connect());
  std::string body(8u << 20, 'x');
  for (size_t i = 0; i < body.size(); i += 4093) body[i] = static_cast<char>('a' + i % 23);
  ASSERT_TRUE(client.send(
      "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n"));
  ASSERT_TRUE(client.send(body));
  const std::string answer = client.read_until(std::string_view(body).substr(body.size() - 5000));
  EXPECT_TRUE(answer.ends_with("POST /|" + body));
}

// Records that came together are taken together; none is left in OpenSSL's buffers.
TEST_F(Tls, AnswersRequestsThatShareARecordAndRecordsThatShareASegment) {
  serve();
  TlsClient client(address_, certificate_);
  ASSERT_TRUE(client.connect());
  std::string many;
  for (int i = 0; i < 50; ++i) many += kRequest;
  ASSERT_TRUE(client.send(many));
  // Fifty records that are sent with one call.
  BIO* kept = BIO_new(BIO_s_mem());
  const OpensslOwned<BIO> socket(BIO_new_socket(client.socket().descriptor(), BIO_NOCLOSE));
  SSL_set0_wbio(client.ssl(), kept);
  for (int i = 0; i < 50; ++i) ASSERT_TRUE(client.send(kRequest));
  ASSERT_TRUE(client.socket().send(text_of(kept)));
  std::string answers;
  size_t count = 0;
  while (count < 100 && client.receive(&answers)) {
    count = 0;
    for (size_t at = 0; (at = answers.find("GET /a|", at)) != answers.npos; ++at) ++count;
  }
  EXPECT_EQ(count, 100u);
}

TEST_F(Tls, SaysThatTheConnectionEnds) {
  serve();
  TlsClient client(address_, certificate_);
  ASSERT_TRUE(client.connect());
  ASSERT_TRUE(client.send("GET /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));
  EXPECT_THAT(client.read_to_end(), EndsWith("GET /a|"));
  EXPECT_TRUE(client.was_told_of_the_end());
}

TEST_F(Tls, DoesNotRenegotiate) {
  serve();
  TlsClient client(address_, certificate_, {.version = TLS1_2_VERSION});
  ASSERT_TRUE(client.connect());
  const bool renegotiated =
      SSL_renegotiate(client.ssl()) == 1 && SSL_do_handshake(client.ssl()) == 1;
  EXPECT_FALSE(renegotiated && client.send(kRequest) &&
               client.read_until("GET /a|").ends_with("GET /a|"));
  expect_served();
}

TEST_F(Tls, ABrokenHandshakeEndsItsOwnConnectionOnly) {
  serve();
  for (const std::string& broken : {std::string("\x16"), std::string("\x16\x03\x01\xff\xff", 5),
                                    "\x16" + std::string(3000, 'x'),
                                    std::string("\x16\x03\x01\x00\x05\x01\x00\x00\x01\x00", 10),
                                    "\x16\x03\x01\x40" + std::string(20'000, '\xff')}) {
    RawClient client(address_);
    ASSERT_TRUE(client.send(broken));
    client.shutdown_write();
    client.read_to_end();
  }
  expect_served();
  EXPECT_THAT(refusals(), HasSubstr("TLS: "));
}

TEST_F(Tls, GivesAHandshakeUpAfterTheHeadersTime) {
  ServerLimits limits;
  limits.header_timeout_ms = 50;
  serve(limits);
  RawClient silent(address_);
  ASSERT_TRUE(silent.send(std::string("\x16\x03\x01\x01\x00", 5)));
  EXPECT_EQ(silent.read_to_end(), "");
  expect_served();
}

TEST_F(Tls, AnUnfinishedHandshakeMakesWayForANewConnection) {
  ServerLimits limits;
  limits.common.connections_max = 1;
  serve(limits);
  RawClient silent(address_);
  ASSERT_TRUE(silent.send(std::string("\x16\x03\x01\x01\x00", 5)));
  expect_served();
  EXPECT_EQ(silent.read_to_end(), "");
}

// Each one costs the server a new key, and an answer.
TEST_F(Tls, AFloodOfKeyUpdatesIsCutOff) {
  serve();
  TlsClient client(address_, certificate_, {.version = TLS1_3_VERSION});
  ASSERT_TRUE(client.connect());
  bool sent = true;
  for (int i = 0; i < 50'000 && sent; ++i) {
    sent = SSL_key_update(client.ssl(), SSL_KEY_UPDATE_REQUESTED) == 1 &&
           SSL_do_handshake(client.ssl()) == 1;
  }
  EXPECT_FALSE(sent);
  expect_served();
}

TEST_F(Tls, StopLetsAnswersEnd) {
  serve();
  TlsClient idle(address_, certificate_);
  ASSERT_TRUE(idle.connect());
  RawClient unfinished(address_);
  ASSERT_TRUE(unfinished.send("\x16\x03"));
  TlsClient used(address_, certificate_);
  ASSERT_TRUE(used.connect());
  ASSERT_TRUE(used.send(kRequest));
  EXPECT_THAT(used.read_until("GET /a|"), EndsWith("GET /a|"));
  EXPECT_TRUE(server_->stop(5000));
  EXPECT_EQ(idle.read_to_end(), "");
}

TEST(TlsContextTest, RefusesWhatDoesNotBelongTogether) {
  const std::vector<std::string> names = {"localhost"};
  auto one = make_self_signed(names, 1'700'000'000'000);
  auto other = make_self_signed(names, 1'700'000'000'000);
  ASSERT_TRUE(one.ok() && other.ok());
  EXPECT_NE(one->key, other->key);
  EXPECT_THAT(TlsContext::make(one->certificate, other->key).error().message,
              StartsWith("The key isn't the certificate's"));
  EXPECT_THAT(TlsContext::make("", one->key).error().message,
              StartsWith("There is no certificate in PEM"));
  EXPECT_THAT(TlsContext::make(one->certificate, "x").error().message,
              StartsWith("There is no key in PEM"));
  EXPECT_THAT(TlsContext::make(one->certificate + "-----BEGIN CERTIFICATE-----\nx", one->key)
                  .error()
                  .message,
              StartsWith("A certificate behind the first can't be read"));
  auto both = TlsContext::make(one->key + one->certificate + other->certificate, one->key);
  ASSERT_TRUE(both.ok());
  EXPECT_EQ((*both)->certificates(), one->certificate + other->certificate);
  EXPECT_EQ((*both)->fingerprint().size(), 32u * 3 - 1);
}

TEST(SelfSigned, LastsForTenYears) {
  const int64_t now_ms = 1'700'000'000'000;
  const std::vector<std::string> names = {"localhost"};
  auto made = make_self_signed(names, now_ms);
  ASSERT_TRUE(made.ok());
  auto end_ms = certificate_end_ms(made->certificate);
  ASSERT_TRUE(end_ms.ok());
  EXPECT_EQ(*end_ms, now_ms + int64_t{3650} * 24 * 60 * 60 * 1000);
  EXPECT_FALSE(certificate_end_ms("x").ok());
}

}  // namespace
}  // namespace millstream::http
