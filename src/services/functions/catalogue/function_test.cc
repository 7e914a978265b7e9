#include "services/functions/catalogue/function.h"

#include <gtest/gtest.h>

#include "services/functions/async/entry.h"

namespace millstream::functions {
namespace {

const FunctionAddress kAddress{"123456789012", "eu-west-1", "f"};

TEST(FunctionTest, ItsDocumentHoldsEverything) {
  Function function;
  FunctionVersion& run = function.run;
  run.account = kAddress.account;
  run.region = kAddress.region;
  run.name = kAddress.name;
  run.role_arn = "arn:aws:iam::123456789012:role/r";
  run.runtime = "python3.13";
  run.handler = "app.handler";
  run.memory_mb = 256;
  run.timeout_s = 9;
  run.tmp_mb = 600;
  run.variables = {{"A", "\"ü\n"}};
  run.code_id = "c";
  run.revision = "r";
  function.description = "d";
  function.tags = {{"k", "v"}};
  function.last_modified_ms = 1'700'000'000'123;
  function.code_bytes = 77;
  function.code_sha256 = "s";
  const auto read = parse_function(kAddress, to_document(function));
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(to_document(*read), to_document(function));
  EXPECT_EQ(read->run.variables, run.variables);
  EXPECT_EQ(read->run.arn, "arn:aws:lambda:eu-west-1:123456789012:function:f");
}

TEST(FunctionTest, RefusesADocumentThatIsNotOne) {
  for (const char* text : {"", "{}", "[1]", "{\"v\":1,\"role\":7}"}) {
    EXPECT_EQ(parse_function(kAddress, text).error().code, ErrorCode::kCorruption) << text;
  }
}

TEST(FunctionTest, KeysGiveTheAddressBack) {
  for (const auto& key : {function_key(kAddress), manifest_key(kAddress, "x/y"),
                          queue_key(kAddress, "x/y"), chunk_key(kAddress, "c", 7)}) {
    const auto parsed = parse_key(key);
    ASSERT_TRUE(parsed.ok());
    EXPECT_EQ(parsed->address, kAddress);
  }
  EXPECT_EQ(parse_key(queue_key(kAddress, "x/y"))->rest, "x/y");
  EXPECT_EQ(parse_key(function_key(kAddress))->rest, "");
  EXPECT_FALSE(parse_key("ff").ok());
  EXPECT_FALSE(parse_key("ffx/y").ok());
}

TEST(FunctionTest, AQueuedInvocationIsReadBack) {
  const AsyncEntry entry{1, 2, 3, 4, "{\"c\":1}", "{\"p\":2}"};
  const std::string bytes = encode_entry(entry);
  const auto read = decode_entry(bytes);
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(encode_entry(*read), bytes);
  EXPECT_EQ(read->payload, entry.payload);
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(decode_entry(std::string_view(bytes).substr(0, size)).ok()) << size;
  }
}

}  // namespace
}  // namespace millstream::functions
