#include <gtest/gtest.h>

#include "aws/cbor/encoder.h"
#include "aws/event_stream/frame.h"
#include "base/coding.h"
#include "base/digest.h"
#include "base/hex.h"
#include "fixture.h"

namespace millstream {
namespace {

struct Message {
  std::map<std::string, std::string> headers;
  std::string payload;

  std::string header(const std::string& name) const {
    const auto found = headers.find(name);
    return found == headers.end() ? "" : found->second;
  }
};

// Reads what append_event_frame writes, by the format's description; nothing if a checksum or a
// length is wrong.
std::optional<std::vector<Message>> read_messages(std::string_view text) {
  std::vector<Message> messages;
  while (!text.empty()) {
    if (text.size() < 16) return std::nullopt;
    const size_t total = load_big<uint32_t>(text.data());
    const size_t header_bytes = load_big<uint32_t>(text.data() + 4);
    if (total > text.size() || header_bytes + 16 > total ||
        load_big<uint32_t>(text.data() + 8) != crc32(text.substr(0, 8)) ||
        load_big<uint32_t>(text.data() + total - 4) != crc32(text.substr(0, total - 4))) {
      return std::nullopt;
    }
    Message message;
    ByteReader headers(text.substr(12, header_bytes));
    while (!headers.empty()) {
      const auto name = headers.take(static_cast<unsigned char>(headers.rest()[0]) + 1u);
      const auto type = headers.take(1);
      const auto size = headers.big<uint16_t>();
      const auto value = size ? headers.take(*size) : std::nullopt;
      if (!name || !type || *type != "\x07" || !value) return std::nullopt;
      message.headers[std::string(name->substr(1))] = *value;
    }
    message.payload = text.substr(12 + header_bytes, total - header_bytes - 16);
    messages.push_back(std::move(message));
    text.remove_prefix(total);
  }
  return messages;
}

// Takes what a producer writes, up to a number of pieces.
class CollectingSink final : public http::BodySink {
 public:
  explicit CollectingSink(size_t pieces_max) : pieces_max_(pieces_max) {}
  io::Task<bool> write(std::string piece) override {
    if (!wanted()) co_return false;
    text += piece;
    ++pieces_;
    co_return wanted();
  }
  [[nodiscard]] bool wanted() const override { return pieces_ < pieces_max_; }
  void set_end_observer(Callback) override {}

  std::string text;

 private:
  const size_t pieces_max_;
  size_t pieces_ = 0;
};

io::Task<> produce(http::BodyProducer& producer, http::BodySink& sink, bool* whole) {
  *whole = co_await producer.run(sink);
}

std::vector<Message> messages_of(http::Response& response, size_t pieces_max = SIZE_MAX) {
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.headers.get("content-type"), "application/vnd.amazon.eventstream");
  EXPECT_TRUE(response.producer != nullptr);
  CollectingSink sink(pieces_max);
  bool whole = false;
  if (response.producer) io::spawn(produce(*response.producer, sink, &whole));
  EXPECT_TRUE(whole);
  auto messages = read_messages(sink.text);
  EXPECT_TRUE(messages.has_value());
  return messages.value_or(std::vector<Message>());
}

std::string as_cbor(std::string_view json) {
  std::string out;
  EXPECT_TRUE(aws::append_json_as_cbor(json, &out));
  return out;
}

// Those that the AWS SDKs test their readers with.
TEST(EventFrame, IsWhatSdksRead) {
  std::string empty;
  aws::append_event_frame({}, "", &empty);
  EXPECT_EQ(to_hex(empty), "000000100000000005c248eb7d98c8ff");
  std::string payload;
  aws::append_event_frame({}, "{'foo':'bar'}", &payload);
  EXPECT_EQ(to_hex(payload), "0000001d00000000fd528c5a7b27666f6f273a27626172277dc3653936");
}

TEST(EventStream, SendsTheOutputThenTheEventsInTheRequestsOwnFormat) {
  Fixture fixture;
  http::Response response = fixture.json("Watch", R"({"Count":2})");
  EXPECT_FALSE(response.headers.find("x-amz-crc32").has_value());
  const auto messages = messages_of(response);
  ASSERT_EQ(messages.size(), 4u);
  for (const Message& message : messages) {
    EXPECT_EQ(message.header(":message-type"), "event");
    EXPECT_EQ(message.header(":content-type"), "application/x-amz-json-1.1");
  }
  EXPECT_EQ(messages[0].header(":event-type"), "initial-response");
  EXPECT_EQ(messages[0].payload, R"({"Greeting":"hello"})");
  EXPECT_EQ(messages[2].header(":event-type"), "Tick");
  EXPECT_EQ(messages[2].payload, R"({"Number":1,"When":1700000000.500,"Bytes":"AP8="})");
  EXPECT_EQ(messages[3].header(":event-type"), "Tock");
  EXPECT_EQ(messages[3].payload, "{}");
}

TEST(EventStream, SpeaksCbor) {
  Fixture fixture;
  http::Response response = fixture.cbor("Watch", as_cbor(R"({"Count":1,"Fail":"missing"})"));
  const auto messages = messages_of(response);
  ASSERT_EQ(messages.size(), 4u);
  EXPECT_EQ(messages[0].header(":content-type"), "application/x-amz-cbor-1.1");
  EXPECT_EQ(messages[0].payload, as_cbor(R"({"Greeting":"hello"})"));
  std::string tick;
  aws::append_cbor_map(3, &tick);
  aws::append_cbor_text("Number", &tick);
  aws::append_cbor_integer(0, &tick);
  aws::append_cbor_text("When", &tick);
  aws::append_cbor_time_tag(&tick);
  aws::append_cbor_integer(1'700'000'000'500, &tick);
  aws::append_cbor_text("Bytes", &tick);
  aws::append_cbor_bytes(std::string_view("\0\xff", 2), &tick);
  EXPECT_EQ(messages[1].payload, tick);
  EXPECT_EQ(messages[3].payload, as_cbor(R"({"message":"it is gone"})"));
  http::Response rpc = fixture.rpc("Watch", as_cbor(R"({"Count":0})"));
  EXPECT_EQ(messages_of(rpc).at(1).header(":content-type"), "application/cbor");
}

TEST(EventStream, EndsWithAnExceptionOfItsModel) {
  Fixture fixture;
  http::Response response = fixture.json("Watch", R"({"Count":0,"Fail":"missing"})");
  const auto messages = messages_of(response);
  ASSERT_EQ(messages.size(), 3u);
  EXPECT_EQ(messages[2].header(":message-type"), "exception");
  EXPECT_EQ(messages[2].header(":exception-type"), "ThingMissingException");
  EXPECT_EQ(messages[2].payload, R"({"message":"it is gone"})");
}

TEST(EventStream, EndsWithAnErrorForWhatItsModelDoesNotKnow) {
  Fixture fixture;
  http::Response response = fixture.json("Watch", R"({"Count":0,"Fail":"inside"})");
  const auto messages = messages_of(response);
  ASSERT_EQ(messages.size(), 3u);
  EXPECT_EQ(messages[2].header(":message-type"), "error");
  EXPECT_EQ(messages[2].header(":error-code"), "InternalFailure");
  EXPECT_EQ(messages[2].header(":error-message").find("fire"), std::string::npos);
  EXPECT_EQ(fixture.failures.lines(), std::vector<std::string>{"Watch: the disk is on fire"});
}

TEST(EventStream, AnErrorBeforeItIsAPlainOne) {
  Fixture fixture;
  const http::Response missing = fixture.json("Watch", R"({"Count":0,"Fail":"at once"})");
  EXPECT_EQ(missing.status, 404);
  EXPECT_EQ(missing.producer, nullptr);
  EXPECT_NE(missing.body.find("fixture#ThingMissingException"), std::string::npos);
  EXPECT_EQ(fixture.json("Watch", "{}").status, 400);
}

TEST(EventStream, ItsProducerStopsWhenNoMoreIsWanted) {
  Fixture fixture;
  for (const size_t taken : {0u, 1u, 3u}) {
    http::Response response = fixture.json("Watch", R"({"Count":50,"Fail":"missing"})");
    EXPECT_EQ(messages_of(response, taken).size(), taken);
  }
}

TEST(EventStream, IsNoOperationForCallsFromInside) {
  Fixture fixture;
  EXPECT_EQ(fixture.gateway("fixture_json", "Watch", R"({"Count":1})").error().http_status, 501);
}

}  // namespace
}  // namespace millstream
