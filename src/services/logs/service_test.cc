#include "services/logs/service.h"

#include <gtest/gtest.h>

#include <set>
#include <thread>

#include "services/logs/limits.h"
#include "services/logs/testing/logs_fixture.h"

namespace millstream::logs {
namespace {

using testing::LogsFixture;

std::vector<std::string> messages(const api::FilterLogEventsResponse& page) {
  std::vector<std::string> out;
  for (const auto& event : *page.events) out.push_back(*event.message);
  return out;
}

std::vector<std::string> messages(const api::GetLogEventsResponse& page) {
  std::vector<std::string> out;
  for (const auto& event : *page.events) out.push_back(*event.message);
  return out;
}

api::FilterLogEventsRequest filter_of(const std::string& group) {
  api::FilterLogEventsRequest input;
  input.log_group_name = group;
  return input;
}

api::GetLogEventsRequest get_of(const std::string& group, const std::string& stream) {
  api::GetLogEventsRequest input;
  input.log_group_name = group;
  input.log_stream_name = stream;
  return input;
}

TEST(LogsService, EventsOfAllStreamsComeBackInTheOrderOfTime) {
  LogsFixture logs;
  logs.make("g", "a");
  logs.make_stream("g", "b");
  const int64_t now = logs.now();
  ASSERT_TRUE(logs.put("g", "a", {{now - 50, "1"}, {now - 30, "3"}, {now - 10, "5"}}).ok());
  ASSERT_TRUE(logs.put("g", "b", {{now - 40, "2"}, {now - 20, "4"}}).ok());
  auto page = logs.filter(filter_of("g"));
  ASSERT_TRUE(page.ok());
  EXPECT_EQ(messages(*page), (std::vector<std::string>{"1", "2", "3", "4", "5"}));
  EXPECT_FALSE(page->next_token);

  auto backward = filter_of("g");
  backward.start_from_head = false;
  EXPECT_EQ(messages(*logs.filter(backward)), (std::vector<std::string>{"5", "4", "3", "2", "1"}));
}

TEST(LogsService, PagesOfAnySizeTogetherHoldEverythingOnce) {
  LogsFixture logs;
  logs.make("g", "a");
  logs.make_stream("g", "b");
  const int64_t now = logs.now();
  for (int i = 0; i < 30; ++i) {
    // Many equal times, so that pages end within them.
    ASSERT_TRUE(logs.put("g", i % 2 ? "a" : "b", {{now + i / 6, std::to_string(i)}}).ok());
  }
  for (const bool forward : {true, false}) {
    for (int limit = 1; limit <= 7; ++limit) {
      std::multiset<std::string> seen;
      auto input = filter_of("g");
      input.limit = limit;
      input.start_from_head = forward;
      for (;;) {
        auto page = logs.filter(input);
        ASSERT_TRUE(page.ok());
        for (auto& message : messages(*page)) seen.insert(message);
        if (!page->next_token) break;
        input.next_token = page->next_token;
      }
      EXPECT_EQ(seen.size(), 30u) << "limit " << limit;
      EXPECT_EQ(std::set<std::string>(seen.begin(), seen.end()).size(), 30u);
    }
  }
}

TEST(LogsService, FilterKeepsTheTimesAndThePattern) {
  LogsFixture logs;
  logs.make("g", "a");
  const int64_t now = logs.now();
  ASSERT_TRUE(logs.put("g", "a", {{now, "ERROR x"}, {now + 1, "INFO"}, {now + 2, "ERROR y"}}).ok());
  auto input = filter_of("g");
  input.filter_pattern = "ERROR";
  input.start_time = now + 1;
  input.end_time = now + 2;
  EXPECT_EQ(messages(*logs.filter(input)), (std::vector<std::string>{"ERROR y"}));
}

TEST(LogsService, GetLogEventsWalksForwardAndEndsOnTheSameToken) {
  LogsFixture logs;
  logs.make("g", "a");
  const int64_t now = logs.now();
  ASSERT_TRUE(logs.put("g", "a", {{now, "1"}, {now, "2"}, {now + 1, "3"}}).ok());
  auto input = get_of("g", "a");
  input.start_from_head = true;
  input.limit = 2;
  auto first = logs.get(input);
  EXPECT_EQ(messages(*first), (std::vector<std::string>{"1", "2"}));
  input.next_token = first->next_forward_token;
  auto second = logs.get(input);
  EXPECT_EQ(messages(*second), (std::vector<std::string>{"3"}));
  input.next_token = second->next_forward_token;
  auto third = logs.get(input);
  EXPECT_TRUE(third->events->empty());
  EXPECT_EQ(third->next_forward_token, input.next_token);
  ASSERT_TRUE(logs.put("g", "a", {{now + 2, "4"}}).ok());
  EXPECT_EQ(messages(*logs.get(input)), (std::vector<std::string>{"4"}));
  input.next_token = third->next_backward_token;
  EXPECT_EQ(messages(*logs.get(input)), (std::vector<std::string>{"2", "3"}));
}

TEST(LogsService, GetLogEventsBeginsWithTheNewest) {
  LogsFixture logs;
  logs.make("g", "a");
  const int64_t now = logs.now();
  auto input = get_of("g", "a");
  auto empty = logs.get(input);
  ASSERT_TRUE(empty.ok());
  EXPECT_TRUE(empty->next_forward_token && empty->next_backward_token);
  ASSERT_TRUE(logs.put("g", "a", {{now, "1"}, {now + 1, "2"}, {now + 2, "3"}}).ok());
  input.limit = 2;
  auto newest = logs.get(input);
  EXPECT_EQ(messages(*newest), (std::vector<std::string>{"2", "3"}));
  input.next_token = newest->next_backward_token;
  EXPECT_EQ(messages(*logs.get(input)), (std::vector<std::string>{"1"}));
  input.next_token = empty->next_forward_token;
  EXPECT_EQ(messages(*logs.get(input)), (std::vector<std::string>{"1", "2"}));
}

TEST(LogsService, BatchesOutOfOrderOrTooLongOrTooLargeAreRefused) {
  LogsFixture logs;
  logs.make("g", "a");
  const int64_t now = logs.now();
  EXPECT_EQ(logs.put("g", "a", {{now, "2"}, {now - 1, "1"}}).error().message,
            "Log events in a single PutLogEvents request must be in chronological order.");
  EXPECT_EQ(logs.put("g", "a", {{now - kDayMs - 1, "1"}, {now, "2"}}).error().message,
            "The batch of log events in a single PutLogEvents request cannot span more than 24 "
            "hours.");
  EXPECT_EQ(logs.put("g", "a", {{now, std::string(kBatchBytesMax, 'x')}}).error().message,
            "Upload too large: 1048602 bytes exceeds limit of 1048576");
  EXPECT_EQ(logs.put("g", "none", {{now, "x"}}).error().type, "ResourceNotFoundException");
  EXPECT_EQ(logs.put("none", "a", {{now, "x"}}).error().message,
            "The specified log group does not exist.");
}

TEST(LogsService, EventsTooOldAndTooNewAreLeftOutAndTold) {
  LogsFixture logs;
  logs.make("g", "a");
  const int64_t now = logs.now();
  auto put =
      logs.put("g", "a", {{now - 15 * kDayMs, "old"}, {now, "good"}, {now + 3 * 3'600'000, "new"}});
  ASSERT_TRUE(put.ok());
  ASSERT_TRUE(put->rejected_log_events_info);
  EXPECT_EQ(put->rejected_log_events_info->too_old_log_event_end_index, 1);
  EXPECT_EQ(put->rejected_log_events_info->too_new_log_event_start_index, 2);
  EXPECT_EQ(messages(*logs.filter(filter_of("g"))), (std::vector<std::string>{"good"}));
}

TEST(LogsService, RetentionHidesAtOnceAndErasesLater) {
  LogsFixture logs;
  logs.make("g", "a");
  const int64_t now = logs.now();
  ASSERT_TRUE(logs.put("g", "a", {{now, "early"}}).ok());
  const auto at = logs.context();
  api::PutRetentionPolicyRequest input;
  input.log_group_name = "g";
  input.retention_in_days = 2;
  EXPECT_FALSE(logs.node().run(ops::put_retention_policy(logs.service(), at, input)).ok());
  input.retention_in_days = 1;
  ASSERT_TRUE(logs.node().run(ops::put_retention_policy(logs.service(), at, input)).ok());
  logs.settle();
  logs.node().clock().advance_ms(kDayMs + 1);
  ASSERT_TRUE(logs.put("g", "a", {{logs.now(), "late"}}).ok());
  EXPECT_EQ(messages(*logs.filter(filter_of("g"))), (std::vector<std::string>{"late"}));

  logs.service().sweeper().wake();
  logs.node().home().run_until_idle();
  logs.settle();
  const auto group = logs.service().catalogue().find_group({"000000000000", "us-east-1", "g"});
  const auto stream = logs.service().catalogue().find_stream(group->document.id, "a");
  EXPECT_EQ(stream->document.first_event_ms, logs.now());
  EXPECT_EQ(stream->document.stored_bytes, 4 + 26);
}

TEST(LogsService, WhatWasAcknowledgedSurvivesACrash) {
  LogsFixture logs;
  logs.make("g", "a");
  const int64_t now = logs.now();
  ASSERT_TRUE(logs.put("g", "a", {{now, "1"}, {now + 1, "2"}}).ok());
  logs.restart();
  EXPECT_EQ(messages(*logs.filter(filter_of("g"))), (std::vector<std::string>{"1", "2"}));
  ASSERT_TRUE(logs.put("g", "a", {{now + 2, "3"}}).ok());
  EXPECT_EQ(messages(*logs.filter(filter_of("g"))), (std::vector<std::string>{"1", "2", "3"}));
}

TEST(LogsService, ADeletedGroupIsGoneWithAllItsEvents) {
  LogsFixture logs;
  logs.make("g", "a");
  const int64_t now = logs.now();
  for (int i = 0; i < 3; ++i) {
    std::vector<std::pair<int64_t, std::string>> events(900, {now, "x"});
    ASSERT_TRUE(logs.put("g", "a", std::move(events)).ok());
  }
  const auto group = logs.service().catalogue().find_group({"000000000000", "us-east-1", "g"});
  const auto at = logs.context();
  api::DeleteLogGroupRequest input;
  input.log_group_name = "g";
  ASSERT_TRUE(logs.node().run(ops::delete_log_group(logs.service(), at, input)).ok());
  EXPECT_EQ(logs.filter(filter_of("g")).error().type, "ResourceNotFoundException");
  logs.restart();
  logs.node().drive([&] { return logs.service().catalogue().removals().empty(); });
  const std::string prefix = event_prefix(group->document.id);
  auto left = logs.node().run(
      logs.node().lanes().scan(logs.node().home(), prefix, lanes::prefix_end(prefix), 10, 1000));
  EXPECT_TRUE(left->entries.empty());
}

io::Task<bool> flushed(Service& service) {
  co_await service.flush();
  co_return true;
}
void flush(LogsFixture& logs) {
  logs.node().run(flushed(logs.service()));
}

TEST(LogWriter, MakesGroupAndStreamAndKeepsTheLines) {
  LogsFixture logs;
  const functions::LogTarget target{"000000000000", "us-east-1", "/aws/lambda/f", "s"};
  logs.service().log_sink().write(target, {{logs.now(), "START"}, {logs.now(), ""}});
  logs.service().log_sink().write(target, {{logs.now() + 1, "END"}});
  flush(logs);
  EXPECT_EQ(messages(*logs.filter(filter_of("/aws/lambda/f"))),
            (std::vector<std::string>{"START\n", "\n", "END\n"}));
}

TEST(LogWriter, DropsPastItsBufferAndSaysHowMany) {
  LogsFixture logs;
  const functions::LogTarget target{"000000000000", "us-east-1", "f", "s"};
  const std::string line(functions::kLogMessageBytesMax, 'x');
  // A group takes an event as long as what it holds and the event fit into what is free.
  const size_t fit = (LogWriter::kBufferBytesMax / (line.size() + 27) + 1) / 2;
  std::vector<functions::LogEvent> events(fit + 5, {logs.now(), line});
  logs.service().log_sink().write(target, events);
  flush(logs);
  auto input = filter_of("f");
  input.filter_pattern = "\"[millstream]\"";
  auto page = logs.filter(input);
  ASSERT_EQ(page->events->size(), 1u);
  EXPECT_TRUE(page->events->front().message->starts_with("[millstream] 5 log events are missing"));
}

TEST(LogWriter, ANoisyFunctionCostsTheOthersNothing) {
  LogsFixture logs;
  const std::string line(functions::kLogMessageBytesMax, 'x');
  for (const char* noisy : {"a", "b", "c"}) {
    const std::vector<functions::LogEvent> events(100, {logs.now(), line});
    logs.service().log_sink().write({"000000000000", "us-east-1", noisy, "s"}, events);
  }
  logs.service().log_sink().write({"000000000000", "us-east-1", "quiet", "s"},
                                  {{logs.now(), "here"}});
  flush(logs);
  EXPECT_EQ(messages(*logs.filter(filter_of("quiet"))), std::vector<std::string>{"here\n"});
}

TEST(LogWriter, GroupsTakeTurns) {
  LogsFixture logs;
  const std::string line(functions::kLogMessageBytesMax, 'x');
  for (const char* stream : {"1", "2", "3", "4", "5", "6"}) {
    logs.service().log_sink().write({"000000000000", "us-east-1", "a", stream},
                                    std::vector<functions::LogEvent>(4, {logs.now(), line}));
  }
  logs.service().log_sink().write({"000000000000", "us-east-1", "b", "s"}, {{logs.now(), "here"}});
  const Catalogue& catalogue = logs.service().catalogue();
  const auto find = [&](const char* name) {
    return catalogue.find_group({"000000000000", "us-east-1", name});
  };
  // Piece by piece, so that nothing happens behind what is waited for.
  while (!find("b")) {
    if (!logs.node().home().run_one()) std::this_thread::yield();
  }
  EXPECT_LT(catalogue.streams(find("a")->document.id, "").size(), 6u);
  flush(logs);
}

}  // namespace
}  // namespace millstream::logs
