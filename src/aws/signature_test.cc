#include "aws/signature.h"

#include <gtest/gtest.h>

#include "aws/canonical_uri.h"
#include "aws/credentials.h"
#include "base/digest.h"
#include "base/hex.h"
#include "base/time_text.h"

namespace millstream::aws {
namespace {

constexpr std::string_view kSecret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
constexpr int64_t kNowMs = 1'440'938'160'000;  // 20150830T123600Z, the published examples' time

http::Request request_of(std::string method, std::string target,
                         std::vector<std::pair<std::string, std::string>> headers,
                         std::string body = "") {
  http::Request request;
  request.method = std::move(method);
  request.target = std::move(target);
  request.body = std::move(body);
  for (auto& [name, value] : headers) request.headers.add(name, value);
  return request;
}

std::string authorization(std::string_view key, std::string_view scope, std::string_view headers,
                          std::string_view signature) {
  std::string text = "AWS4-HMAC-SHA256 Credential=";
  text.append(key).append("/").append(scope).append("/aws4_request, SignedHeaders=");
  return text.append(headers).append(", Signature=").append(signature);
}

// The examples of AWS's Signature Version 4 test suite.
struct Example {
  const char* name;
  http::Request request;
  const char* signed_headers;
  const char* signature;
};

std::vector<Example> examples() {
  const std::pair<std::string, std::string> host = {"Host", "example.amazonaws.com"};
  const std::pair<std::string, std::string> date = {"X-Amz-Date", "20150830T123600Z"};
  const char* plain = "host;x-amz-date";
  return {
      {"get-vanilla", request_of("GET", "/", {host, date}), plain,
       "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
      {"get-relative", request_of("GET", "/example/..", {host, date}), plain,
       "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
      {"get-slash", request_of("GET", "//", {host, date}), plain,
       "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
      {"get-vanilla-query-order-key-case",
       request_of("GET", "/?Param2=value2&Param1=value1", {host, date}), plain,
       "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"},
      {"get-utf8", request_of("GET", "/\xE1\x88\xB4", {host, date}), plain,
       "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85"},
      {"post-vanilla", request_of("POST", "/", {host, date}), plain,
       "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"},
      {"post-x-www-form-urlencoded",
       request_of("POST", "/", {{"Content-Type", "application/x-www-form-urlencoded"}, host, date},
                  "Param1=value1"),
       "content-type;host;x-amz-date",
       "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a"},
      {"get-header-value-trim",
       request_of("GET", "/",
                  {host, {"My-Header1", " value1"}, {"My-Header2", " \"a   b   c\""}, date}),
       "host;my-header1;my-header2;x-amz-date",
       "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736"},
  };
}

TEST(Signature, MatchesTheExamplesThatAwsPublished) {
  CredentialStore store;
  const ManualClock clock(kNowMs);
  const std::string arn = "arn:aws:iam::123456789012:user/example";
  store.add({"AKIDEXAMPLE", std::string(kSecret), "123456789012", arn}, kNowMs);
  const SignatureAuthenticator authenticator(store, clock, {});
  for (Example& example : examples()) {
    SCOPED_TRACE(example.name);
    example.request.headers.add("Authorization",
                                authorization("AKIDEXAMPLE", "20150830/us-east-1/service",
                                              example.signed_headers, example.signature));
    Result<Identity> identity = authenticator.authenticate(example.request);
    ASSERT_TRUE(identity.ok()) << identity.error().message;
    EXPECT_EQ(identity->account, "123456789012");
    EXPECT_EQ(identity->region, "us-east-1");
    EXPECT_EQ(identity->service, "service");
    EXPECT_EQ(identity->principal_arn, arn);
  }
}

TEST(Signature, DerivesThePublishedSigningKey) {
  const Sha256Digest key = signing_key(kSecret, "20150830", "us-east-1", "iam");
  EXPECT_EQ(to_hex(digest_view(key)),
            "c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9");
}

TEST(Signature, CanonicalPartsFollowTheRules) {
  EXPECT_EQ(canonical_path("/a%20b/./c/../d/", false), "/a%2520b/d/");
  EXPECT_EQ(canonical_path("/a%20b//./c", true), "/a%20b//./c");
  EXPECT_EQ(canonical_path("", false), "/");
  EXPECT_EQ(canonical_path("/a/..", false), "/");
  EXPECT_EQ(canonical_query("b=2&a=1&a=0&flag&c=%41%20+"), "a=0&a=1&b=2&c=A%20%2B&flag=");
  EXPECT_EQ(canonical_query(""), "");
}

// Two requests that botocore 1.43 signed with the key AKIDEXAMPLE and a secret of its own.
constexpr int64_t kBotocoreMs = 1'795'342'530'000;

class SignedByBotocore : public ::testing::Test {
 protected:
  static constexpr char kBody[] = "{\"a\":1}";
  static constexpr std::string_view kSignature =
      "f3669466f2409a7772033bbb4e931afd94d0adcf3e25ca4cbfa8b07346ddea94";

  SignedByBotocore() {
    EXPECT_EQ(iso8601_basic(kBotocoreMs), "20261122T101530Z");
    store_.add(credential("TOKEN/1=="), kBotocoreMs);
  }
  static Credential credential(std::string token, int64_t expires_ms = 0) {
    return {"AKIDEXAMPLE",    "secret/EXAMPLE+KEY",
            "111122223333",   "arn:aws:iam::111122223333:root",
            std::move(token), expires_ms};
  }
  static http::Request put_record(std::string body = kBody, std::string token = "TOKEN/1==",
                                  std::string_view signature = kSignature) {
    return request_of(
        "POST", "/",
        {{"Host", "127.0.0.1:4566"},
         {"X-Amz-Target", "Kinesis_20131202.PutRecord"},
         {"Content-Type", "application/x-amz-json-1.1"},
         {"X-Amz-Date", "20261122T101530Z"},
         {"X-Amz-Security-Token", std::move(token)},
         {"Authorization",
          authorization("AKIDEXAMPLE", "20261122/eu-west-3/kinesis",
                        "content-type;host;x-amz-date;x-amz-security-token;x-amz-target",
                        signature)}},
        std::move(body));
  }
  Error refusal(const http::Request& request) {
    Result<Identity> identity = authenticator_.authenticate(request);
    EXPECT_FALSE(identity.ok());
    return identity.ok() ? Error("", 0, "") : identity.take_error();
  }

  CredentialStore store_;
  ManualClock clock_{kBotocoreMs};
  SignatureAuthenticator authenticator_{store_, clock_, {.accept_unknown_keys = true}};
};

TEST_F(SignedByBotocore, IsAccepted) {
  EXPECT_TRUE(authenticator_.authenticate(put_record()).ok());
  EXPECT_TRUE(authenticator_.authenticate(put_record()).ok());  // with the signing key remembered
  store_.add(credential(""), kBotocoreMs);
  const auto list_versions = request_of(
      "GET",
      "/2015-03-31/functions/arn%3Aaws%3Alambda%3Aeu-west-3%3A000000000000%3Afunction%3Af/"
      "versions?Marker=a%2Fb%20c&MaxItems=5",
      {{"host", "127.0.0.1:4566"},
       {"X-Amz-Date", "20261122T101530Z"},
       {"Authorization",
        authorization("AKIDEXAMPLE", "20261122/eu-west-3/lambda", "host;x-amz-date",
                      "b38ee6bbaaf16174ebba29561a52dec4bb04a226af0e7cd55577e995d70224ba")}});
  EXPECT_TRUE(authenticator_.authenticate(list_versions).ok());
}

TEST_F(SignedByBotocore, IsRefusedWhenAnythingSignedChanged) {
  const Error error = refusal(put_record("{\"a\":2}"));
  EXPECT_EQ(error.type, "InvalidSignatureException");
  EXPECT_EQ(error.message,
            "The request signature we calculated does not match the signature you provided. Check "
            "your AWS Secret Access Key and signing method. Consult the service documentation for "
            "details.");
  http::Request other_path = put_record();
  other_path.target = "/other";
  EXPECT_EQ(refusal(other_path).type, "InvalidSignatureException");
}

TEST_F(SignedByBotocore, IsRefusedWhenAnyDigitOfTheSignatureChanged) {
  for (size_t at = 0; at < kSignature.size(); ++at) {
    std::string other(kSignature);
    other[at] = other[at] == '0' ? '1' : '0';
    EXPECT_EQ(refusal(put_record(kBody, "TOKEN/1==", other)).type, "InvalidSignatureException")
        << "digit " << at;
  }
  EXPECT_EQ(refusal(put_record(kBody, "TOKEN/1==", kSignature.substr(0, 32))).type,
            "InvalidSignatureException");
}

TEST_F(SignedByBotocore, IsRefusedWhenABodyIsNotTheOneThatTheRequestAnnounces) {
  const auto announcing = [](std::string body) {
    http::Request request = put_record(std::move(body));
    request.headers.add("X-Amz-Content-Sha256", to_hex(digest_view(sha256(kBody))));
    return request;
  };
  EXPECT_TRUE(authenticator_.authenticate(announcing(kBody)).ok());
  EXPECT_EQ(refusal(announcing("{\"a\":2}")).type, "InvalidSignatureException");
}

TEST_F(SignedByBotocore, NeedsTheTokenOfATemporaryKey) {
  EXPECT_EQ(refusal(put_record("{\"a\":1}", "another")).type, "UnrecognizedClientException");
  store_.add(credential("TOKEN/1==", kBotocoreMs), kBotocoreMs);
  EXPECT_EQ(refusal(put_record()).type, "ExpiredTokenException");
  store_.add(credential(""), kBotocoreMs);  // a lasting key has none
  EXPECT_EQ(refusal(put_record()).message,
            "The security token included in the request is invalid.");
}

TEST_F(SignedByBotocore, IsRefusedTooEarlyAndTooLate) {
  clock_.advance_ms(15 * 60'000 + 1000);
  EXPECT_EQ(refusal(put_record()).message,
            "Signature expired: 20261122T101530Z is now earlier than 20261122T101531Z "
            "(20261122T103031Z - 15 min.)");
  clock_.advance_ms(-31 * 60'000);
  EXPECT_EQ(refusal(put_record()).message,
            "Signature not yet current: 20261122T101530Z is still later than 20261122T101431Z "
            "(20261122T095931Z + 15 min.)");
}

TEST_F(SignedByBotocore, IsRefusedOnceTheKeyIsGone) {
  store_.remove("AKIDEXAMPLE");
  http::Request from_afar = put_record();
  from_afar.peer_is_loopback = false;
  EXPECT_EQ(refusal(from_afar).type, "UnrecognizedClientException");
}

http::Request signed_by(const std::string& key, const std::string& host = "127.0.0.1:4566") {
  return request_of("POST", "/",
                    {{"Host", host},
                     {"X-Amz-Date", "20261122T101530Z"},
                     {"Authorization",
                      authorization(key, "20261122/eu-west-3/kinesis", "host;x-amz-date", "00")}});
}

TEST_F(SignedByBotocore, AnUnknownKeyStandsForAnAccountOnLoopbackOnly) {
  EXPECT_EQ(authenticator_.authenticate(signed_by("anything"))->account, "000000000000");
  EXPECT_EQ(authenticator_.authenticate(signed_by("123456789012"))->account, "123456789012");
  EXPECT_EQ(authenticator_.authenticate(signed_by("123456789012"))->principal_arn,
            "arn:aws:iam::123456789012:root");
  const SignatureAuthenticator strict(store_, clock_, {});
  EXPECT_EQ(strict.authenticate(signed_by("anything")).error().type, "UnrecognizedClientException");
}

TEST_F(SignedByBotocore, AnUnknownKeyOfAWebPageIsNotBelieved) {
  http::Request page = signed_by("anything");
  page.headers.add("Origin", "https://example.com");
  EXPECT_EQ(refusal(page).type, "UnrecognizedClientException");
  EXPECT_NE(refusal(page).message.find("a web page sent it (Origin 'https://example.com')"),
            std::string::npos);
  EXPECT_FALSE(authenticator_.authenticate_head(page).ok());
  http::Request rebound = signed_by("anything", "rebound.example.com");
  EXPECT_EQ(refusal(rebound).type, "UnrecognizedClientException");
  // Whoever signs with a key that is known has proved more than where they are.
  http::Request known = put_record();
  known.headers.add("Origin", "https://example.com");
  EXPECT_TRUE(authenticator_.authenticate(known).ok());
}

TEST_F(SignedByBotocore, TheHeadAloneIsRefusedForAllButTheSignature) {
  const auto head_refusal = [this](const http::Request& head) {
    Result<Identity> identity = authenticator_.authenticate_head(head);
    EXPECT_FALSE(identity.ok());
    return identity.ok() ? "" : identity.error().type;
  };
  http::Request head = put_record();
  head.body.clear();
  EXPECT_EQ(authenticator_.authenticate_head(head)->account, "111122223333");
  EXPECT_EQ(head_refusal(put_record("", "another")), "UnrecognizedClientException");
  EXPECT_EQ(head_refusal(request_of("POST", "/", {})), "MissingAuthenticationTokenException");
  http::Request from_afar = signed_by("anything");
  from_afar.peer_is_loopback = false;
  EXPECT_EQ(head_refusal(from_afar), "UnrecognizedClientException");
  clock_.advance_ms(16 * 60'000);
  EXPECT_EQ(head_refusal(head), "InvalidSignatureException");
}

TEST_F(SignedByBotocore, AListenerWithALabelTakesItsOwnKeysAndTheyGoNowhereElse) {
  Credential bound = credential("TOKEN/1==");
  bound.listener_label = "environment-7";
  store_.add(bound, kBotocoreMs);
  http::Request request = put_record();
  EXPECT_EQ(refusal(request).type, "UnrecognizedClientException");
  request.listener_label = "environment-8";
  EXPECT_EQ(refusal(request).type, "UnrecognizedClientException");
  request.listener_label = "environment-7";
  EXPECT_TRUE(authenticator_.authenticate(request).ok());
  http::Request unknown = signed_by("anything");
  unknown.listener_label = "environment-7";
  EXPECT_EQ(refusal(unknown).type, "UnrecognizedClientException");
}

TEST(Signature, RefusesWhatIsIncompleteByName) {
  const auto refusal = [](std::vector<std::pair<std::string, std::string>> headers,
                          std::string target = "/") {
    Result<SignatureHeader> read =
        read_signature(request_of("GET", std::move(target), std::move(headers)));
    EXPECT_FALSE(read.ok());
    return read.ok() ? Error("", 0, "") : read.take_error();
  };
  EXPECT_EQ(refusal({}).type, "MissingAuthenticationTokenException");
  EXPECT_NE(refusal({}, "/?X-Amz-Algorithm=AWS4-HMAC-SHA256").message.find("Presigned"),
            std::string::npos);
  EXPECT_EQ(refusal({{"Authorization", "Basic dXNlcg=="}}).type, "IncompleteSignatureException");
  const Error empty = refusal({{"Authorization", "AWS4-HMAC-SHA256 Signature=1"}});
  EXPECT_EQ(empty.message.find("Authorization header requires 'Credential' parameter. "
                               "Authorization header requires 'SignedHeaders' parameter. "
                               "Authorization header requires existence of either a 'X-Amz-Date' "
                               "or a 'Date' header. (Hashed with SHA-256"),
            0u)
      << empty.message;
  const std::pair<std::string, std::string> date = {"X-Amz-Date", "20261122T101530Z"};
  EXPECT_EQ(refusal({date,
                     {"Authorization",
                      "AWS4-HMAC-SHA256 Credential=a/b, SignedHeaders=host, Signature=1"}})
                .message,
            "Credential must have exactly 5 slash-delimited elements, e.g. "
            "keyid/date/region/service/term, got 'a/b'");
  EXPECT_EQ(
      refusal({date, {"Authorization", authorization("a", "20261122/r/s", "x-amz-date", "1")}})
          .message,
      "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.");
}

}  // namespace
}  // namespace millstream::aws
