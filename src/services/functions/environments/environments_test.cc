#include "services/functions/environments/testing/environments_fixture.h"

namespace millstream::functions {
namespace {

using testing::EnvironmentsFixture;

class EnvironmentsTest : public EnvironmentsFixture {};

INSTANTIATE_TEST_SUITE_P(Isolation, EnvironmentsTest, testing::both_isolations(),
                         testing::isolation_name);

TEST_P(EnvironmentsTest, AnswersWhatThePythonHandlerReturns) {
  python("def handler(event, context):\n    return {'got': event['x'], 'ü': 'ü'}\n");
  const InvokeOutcome outcome = invoke(R"({"x": [1, 2]})");
  EXPECT_EQ(outcome.status, InvokeStatus::kAnswered) << outcome.failure << lines_.text();
  EXPECT_EQ(outcome.function_error, "");
  EXPECT_EQ(outcome.payload, R"({"got": [1, 2], "ü": "ü"})");
}

TEST_P(EnvironmentsTest, AnswersWhatTheNodeHandlerReturns) {
  source_->add("f", "nodejs20.x", "app.mjs",
               "export const handler = async (event, context) => {\n"
               "  console.log('two\\nlines');\n"
               "  return { got: event.x, name: context.functionName };\n};\n",
               {});
  const InvokeOutcome outcome = invoke(R"({"x": 7})");
  EXPECT_EQ(outcome.payload, R"({"got":7,"name":"f"})") << outcome.failure << lines_.text();
  EXPECT_NE(outcome.log_tail.find("\tINFO\ttwo\nlines\n"), std::string::npos) << outcome.log_tail;
}

TEST_P(EnvironmentsTest, WritesTheLogLinesInOrder) {
  python(
      "import logging\n"
      "def handler(event, context):\n"
      "    print('printed')\n    logging.warning('logged\\ntwice')\n    print('last')\n");
  const InvokeOutcome outcome = invoke();
  const std::string& tail = outcome.log_tail;
  const std::string id = outcome.request_id;
  EXPECT_EQ(tail.find("START RequestId: " + id + " Version: $LATEST\nprinted\n[WARNING]\t"), 0u)
      << tail;
  EXPECT_NE(tail.find("Z\t" + id + "\tlogged\ntwice\nlast\nEND RequestId: " + id +
                      "\nREPORT RequestId: " + id + "\tDuration: "),
            std::string::npos)
      << tail;
  EXPECT_NE(tail.find(" ms\tMemory Size: 256 MB\t"), std::string::npos) << tail;
  EXPECT_EQ(lines_.text().find("INIT_START Runtime Version: python:3."), 0u);
  EXPECT_EQ(lines_.target().log_group, "/aws/lambda/f");
}

TEST_P(EnvironmentsTest, TellsAnExceptionAsLambdaDoes) {
  python("def handler(event, context):\n    raise ValueError('no')\n");
  const InvokeOutcome outcome = invoke();
  EXPECT_EQ(outcome.function_error, "Unhandled");
  EXPECT_EQ(outcome.payload.find("{\"errorMessage\": \"no\", \"errorType\": \"ValueError\", "
                                 "\"requestId\": \"" +
                                 outcome.request_id + "\", \"stackTrace\": [\"  File \\\""),
            0u)
      << outcome.payload;
}

TEST_P(EnvironmentsTest, EndsAnInvocationThatRunsOutOfTime) {
  python("import time\ndef handler(event, context):\n    time.sleep(100)\n",
         [](FunctionVersion* version) { version->timeout_s = 1; });
  const InvokeOutcome outcome = invoke();
  EXPECT_EQ(outcome.function_error, "Unhandled");
  EXPECT_EQ(outcome.payload, "{\"errorType\":\"Sandbox.Timedout\",\"errorMessage\":\"RequestId: " +
                                 outcome.request_id +
                                 " Error: Task timed out after 1.00 seconds\"}");
  EXPECT_NE(outcome.log_tail.find(outcome.request_id + " Task timed out after 1.00 seconds"),
            std::string::npos);
}

TEST_P(EnvironmentsTest, TellsHowTheRuntimeExited) {
  python("import os\ndef handler(event, context):\n    os._exit(event['status'])\n");
  InvokeOutcome outcome = invoke(R"({"status": 3})");
  EXPECT_EQ(outcome.function_error, "Unhandled");
  EXPECT_EQ(outcome.payload, "{\"errorType\":\"Runtime.ExitError\",\"errorMessage\":\"RequestId: " +
                                 outcome.request_id +
                                 " Error: Runtime exited with error: exit status 3\"}");
  outcome = invoke(R"({"status": 0})");
  EXPECT_NE(outcome.payload.find("Runtime exited without providing a reason"), std::string::npos);
}

TEST_P(EnvironmentsTest, TellsWhyAModuleCannotBeLoaded) {
  python("import nothing_like_this\n");
  EXPECT_EQ(invoke().payload,
            "{\"errorMessage\": \"Unable to import module 'app': No module named "
            "'nothing_like_this'\", \"errorType\": \"Runtime.ImportModuleError\", \"requestId\": "
            "\"\", \"stackTrace\": []}");
  python("x = 1\n");
  EXPECT_NE(invoke().payload.find("Handler 'handler' missing on module 'app'"), std::string::npos);
  python("raise SystemExit(4)\n");
  EXPECT_NE(invoke().payload.find("Runtime exited with error: exit status 4"), std::string::npos);
}

TEST_P(EnvironmentsTest, TellsThatAnAnswerCannotBeWritten) {
  python("def handler(event, context):\n    return {1, 2}\n");
  EXPECT_NE(invoke().payload.find("\"errorType\": \"Runtime.MarshalError\""), std::string::npos);
}

TEST_P(EnvironmentsTest, RefusesAnAnswerPastSixMegabytes) {
  python("def handler(event, context):\n    return 'x' * event['n']\n");
  const InvokeOutcome outcome = invoke(R"({"n": 6300000})");
  EXPECT_EQ(outcome.payload,
            "{\"errorType\":\"Function.ResponseSizeTooLarge\",\"errorMessage\":\"Response payload "
            "size (6300002 bytes) exceeded maximum allowed payload size (6291556 bytes).\"}");
  EXPECT_EQ(invoke(R"({"n": 1})").payload, "\"x\"");  // the environment goes on
}

TEST_P(EnvironmentsTest, ReachesTheAwsEndpointUnderItsOwnLabel) {
  python(
      "import os, urllib.request\n"
      "def handler(event, context):\n"
      "    return urllib.request.urlopen(os.environ['AWS_ENDPOINT_URL']).read().decode()\n");
  const InvokeOutcome outcome = invoke();
  EXPECT_EQ(outcome.payload, "\"" + access_.label() + "\"");
}

TEST_P(EnvironmentsTest, GivesTheContextAndVariablesThatLambdaDocuments) {
  python(
      "import os\n"
      "def handler(event, c):\n"
      "    assert c.aws_request_id and 0 < c.get_remaining_time_in_millis() <= 3000\n"
      "    assert c.log_group_name == '/aws/lambda/f', c.log_group_name\n"
      "    assert os.environ['MINE'] == 'yes' and os.environ['_HANDLER'] == 'app.handler'\n"
      "    return [c.function_name, c.memory_limit_in_mb, c.invoked_function_arn,\n"
      "            os.environ['AWS_EXECUTION_ENV'], os.environ['AWS_REGION']]\n",
      [](FunctionVersion* version) { version->variables["MINE"] = "yes"; });
  EXPECT_EQ(invoke().payload, R"(["f", "256", "arn:aws:lambda:us-east-1:000000000000:function:f", )"
                              R"("AWS_Lambda_python3.11", "us-east-1"])");
}

TEST_P(EnvironmentsTest, SaysThatThereIsNoSuchFunction) {
  EXPECT_EQ(invoke().status, InvokeStatus::kNotFound);
}

TEST_P(EnvironmentsTest, TellsApartWhatIsTheMachinesFault) {
  python("def handler(event, context):\n    return 1\n");
  std::filesystem::remove_all(std::filesystem::path(directory_) / "1");
  const InvokeOutcome outcome = invoke();
  EXPECT_EQ(outcome.status, InvokeStatus::kFailed) << outcome.payload;
  EXPECT_EQ(outcome.failure.find("the environment could not be started: cannot "), 0u)
      << outcome.failure;
}

TEST_P(EnvironmentsTest, NeverImportsTheHostsPackages) {
  python(
      "import sys\ndef handler(event, context):\n"
      "    return [p for p in sys.path if 'site-packages' in p or 'dist-packages' in p]\n");
  EXPECT_EQ(invoke().payload, "[]");
}

TEST_P(EnvironmentsTest, TellsAProcessThatUsedTooMuchMemory) {
  if (!sandboxes_->cgroups().available()) GTEST_SKIP() << sandboxes_->cgroups().description();
  python("def handler(event, context):\n    return len('x' * (1 << 30))\n",
         [](FunctionVersion* version) { version->timeout_s = 60; });
  const InvokeOutcome outcome = invoke();
  EXPECT_NE(outcome.payload.find("Runtime exited with error: signal: killed"), std::string::npos)
      << outcome.payload;
}

}  // namespace
}  // namespace millstream::functions
