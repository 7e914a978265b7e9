#include "signer.h"

#include <gtest/gtest.h>

namespace millstream::bench {
namespace {

constexpr int64_t kTimeMs = 1'795'342'530'000;  // 2026-11-22T10:15:30Z

std::string header(const HttpFields& fields, std::string_view wanted) {
  for (const auto& [name, value] : fields.headers) {
    if (name == wanted) return value;
  }
  return "";
}

// The signature is the one that botocore 1.44.5 computes for the same request.
TEST(Signer, SignsAsBotocoreDoes) {
  Signer signer({"AKIDBENCH", "bench-secret"}, "127.0.0.1:4566", kTimeMs);
  const HttpFields fields = signer.sign("kinesis", "Kinesis_20131202.ListStreams",
                                        "application/x-amz-json-1.1", R"({"Limit":7})");
  EXPECT_EQ(header(fields, "x-amz-date"), "20261122T101530Z");
  EXPECT_EQ(header(fields, "authorization"),
            "AWS4-HMAC-SHA256 Credential=AKIDBENCH/20261122/us-east-1/kinesis/aws4_request, "
            "SignedHeaders=content-type;host;x-amz-date;x-amz-target, "
            "Signature=c4db466e730e442ed501f140fb31d1fb5cce2cd853d012f86ca83fc86aa33fe9");
}

TEST(Signer, SignsForEachServiceWithItsOwnKey) {
  Signer signer({"AKIDBENCH", "bench-secret"}, "127.0.0.1:4566", kTimeMs);
  const auto sign = [&signer](std::string_view service) {
    return header(signer.sign(service, "X.Y", "application/x-amz-json-1.0", "{}"), "authorization");
  };
  const std::string kinesis = sign("kinesis");
  EXPECT_NE(kinesis.substr(kinesis.size() - 64), sign("dynamodb").substr(kinesis.size() - 63));
  EXPECT_EQ(kinesis, sign("kinesis"));
}

TEST(Request, IsWholeForEachProtocol) {
  const HttpFields fields{
      .method = "POST", .path = "/", .host = "h", .headers = {{"a", "b"}}, .body = "{}"};
  EXPECT_EQ(make_http_request(Protocol::kHttp1, fields).bytes,
            "POST / HTTP/1.1\r\nhost: h\r\na: b\r\ncontent-length: 2\r\n\r\n{}");
  const Request request = make_http_request(Protocol::kHttp2, fields);
  EXPECT_EQ(request.body, "{}");
  EXPECT_EQ(request.headers.front(), std::make_pair(std::string(":method"), std::string("POST")));
  EXPECT_EQ(request.headers.back(),
            std::make_pair(std::string("content-length"), std::string("2")));
}

}  // namespace
}  // namespace millstream::bench
