#include "services/functions/environments/output_parser.h"

#include <gtest/gtest.h>

#include <vector>

#include "services/functions/log_sink.h"

namespace millstream::functions {
namespace {

using Records = std::vector<std::string>;

Records parse(const std::vector<std::string>& pieces) {
  OutputParser parser;
  Records records;
  const auto visit = [&](std::string record) { records.push_back(std::move(record)); };
  for (const auto& piece : pieces) parser.feed(piece, visit);
  parser.flush(visit);
  return records;
}

TEST(OutputParserTest, GivesOneRecordALine) {
  EXPECT_EQ(parse({"one\ntwo\r\nthree"}), (Records{"one", "two", "three"}));
}

TEST(OutputParserTest, LeavesEmptyLinesOut) {
  EXPECT_EQ(parse({"\n\na\n\n"}), Records{"a"});
}

TEST(OutputParserTest, JoinsALineThatComesInPieces) {
  EXPECT_EQ(parse({"on", "e", "\ntw", "o\n"}), (Records{"one", "two"}));
}

TEST(OutputParserTest, KeepsAMarkedRecordWhole) {
  const std::string record = "\x1eMLS00000007one\ntwo";
  EXPECT_EQ(parse({"before\n" + record + "after\n"}), (Records{"before", "one\ntwo", "after"}));
  for (size_t cut = 0; cut <= record.size(); ++cut) {
    EXPECT_EQ(parse({record.substr(0, cut), record.substr(cut)}), Records{"one\ntwo"}) << cut;
  }
}

TEST(OutputParserTest, EndsALineAtAMark) {
  EXPECT_EQ(parse({"half \x1eMLS00000003abc\n"}), (Records{"half ", "abc"}));
}

TEST(OutputParserTest, TakesAWrongMarkForText) {
  EXPECT_EQ(parse({"\x1eMLSnothex!!x\n"}), Records{"MLSnothex!!x"});
}

TEST(OutputParserTest, CutsALineThatIsTooLong) {
  const Records records = parse({std::string(kLogMessageBytesMax + 5, 'x') + "\n"});
  ASSERT_EQ(records.size(), 2u);
  EXPECT_EQ(records[0].size(), kLogMessageBytesMax);
  EXPECT_EQ(records[1], "xxxxx");
}

TEST(OutputParserTest, HoldsNoMoreThanOneRecordWhateverAMarkSays) {
  OutputParser parser;
  size_t given = 0;
  const auto visit = [&](const std::string& record) { given += record.size(); };
  parser.feed("\x1eMLSffffffff", visit);
  size_t printed = 11;  // the mark's first byte is no text
  for (int i = 0; i < 64; ++i, printed += 64u << 10) parser.feed(std::string(64u << 10, 'x'), visit);
  EXPECT_LE(printed - given, kLogMessageBytesMax);
}

TEST(OutputParserTest, TakesTheLargestRecordAndNoLarger) {
  const std::string largest(kLogMessageBytesMax, 'x');
  EXPECT_EQ(parse({"\x1eMLS00040000" + largest}), Records{largest});
  EXPECT_EQ(parse({"\x1eMLS00040001\n"}), Records{"MLS00040001"});
}

TEST(OutputParserTest, FindsAMarkThatComesInPiecesBehindALine) {
  EXPECT_EQ(parse({"half\x1e", "M", "LS0000", "0003a", "b", "c\n"}), (Records{"half", "abc"}));
}

}  // namespace
}  // namespace millstream::functions
