#include "services/lambda/function_name.h"

#include <gtest/gtest.h>

#include "io/manual_executor.h"

namespace millstream::lambda {
namespace {

class FunctionNameTest : public testing::Test {
 protected:
  aws::Result<FunctionReference> read(const std::string& name,
                                      const std::optional<std::string>& qualifier = std::nullopt) {
    aws::RequestContext context{executor_};
    context.account = "123456789012";
    context.region = "eu-west-1";
    return read_function_name(context, name, qualifier);
  }
  io::ManualExecutor executor_;
};

TEST_F(FunctionNameTest, TakesNamesPartialArnsAndArns) {
  for (const char* name : {"f", "function:f", "123456789012:f", "123456789012:function:f",
                           "arn:aws:lambda:eu-west-1:123456789012:function:f"}) {
    const auto reference = read(name);
    ASSERT_TRUE(reference.ok()) << name;
    EXPECT_EQ(reference->address, (functions::FunctionAddress{"123456789012", "eu-west-1", "f"}))
        << name;
    EXPECT_EQ(reference->qualifier, "") << name;
  }
}

TEST_F(FunctionNameTest, TakesAQualifierBehindTheName) {
  for (const char* name : {"f:$LATEST", "123456789012:function:f:$LATEST",
                           "arn:aws:lambda:eu-west-1:123456789012:function:f:$LATEST"}) {
    EXPECT_EQ(read(name)->qualifier, "$LATEST") << name;
  }
  EXPECT_EQ(read("f", "7")->qualifier, "7");
  EXPECT_EQ(read("f:7", "7")->qualifier, "7");
  EXPECT_EQ(read("f:7", "8").error().type, "InvalidParameterValueException");
}

TEST_F(FunctionNameTest, SaysThatAnotherRegionIsOutOfReach) {
  EXPECT_EQ(read("arn:aws:lambda:us-east-1:123456789012:function:f").error().message,
            "Functions from 'us-east-1' are not reachable in this region ('eu-west-1')");
}

TEST_F(FunctionNameTest, KeepsAnotherAccountsNumber) {
  EXPECT_EQ(read("210987654321:function:f")->address.account, "210987654321");
}

}  // namespace
}  // namespace millstream::lambda
