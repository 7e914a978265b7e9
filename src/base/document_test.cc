#include "base/document.h"

#include <gtest/gtest.h>

namespace millstream {
namespace {

struct Leg {
  std::string to;
  uint32_t miles = 0;
};

struct Stop {
  std::string place;
  int32_t minutes = 0;
};

struct Trip {
  std::string name;
  bool booked = false;
  int64_t saved = 0;
  uint64_t id = 0;
  std::optional<int32_t> seats;
  std::map<std::string, std::string> tags;
  std::vector<Leg> legs;
  std::vector<Stop> stops;
  std::set<std::string> seen;
  std::optional<Leg> last;
  std::vector<Leg> others;
};

template <class Fields>
void each_field(Fields& fields, typename Fields::template Of<Leg>& leg) {
  fields("to", leg.to);
  fields("miles", leg.miles);
}

template <class Fields>
void each_element(Fields& elements, typename Fields::template Of<Stop>& stop) {
  elements(stop.place);
  elements(stop.minutes);
}

template <class Fields>
void each_field(Fields& fields, typename Fields::template Of<Trip>& trip) {
  fields("name", trip.name);
  fields("booked", trip.booked);
  fields("saved", trip.saved);
  fields("id", trip.id);
  fields("seats", trip.seats);
  fields("tags", trip.tags);
  fields("legs", trip.legs);
  fields("stops", trip.stops);
  fields("seen", trip.seen);
  fields("last", trip.last);
  fields.unless_empty("others", trip.others);
}

std::string failure(std::string_view text) {
  const auto parsed = parse_document<Leg>(text, "leg");
  return parsed ? "none" : parsed.error().message;
}

TEST(Document, ComesBackAsItWas) {
  Trip trip;
  trip.name = "a\"\n\xff";
  trip.booked = true;
  trip.saved = INT64_MIN;
  trip.id = UINT64_MAX;
  trip.tags = {{"k", "v"}, {"l", ""}};
  trip.legs = {{"x", 1}, {"y", UINT32_MAX}};
  trip.stops = {{"p", 5}, {"q", -5}};
  trip.seen = {"b", "a"};
  const std::string text =
      R"({"v":1,"name":"a\"\n)"
      "\uFFFD"
      R"(","booked":true,"saved":-9223372036854775808,"id":18446744073709551615,)"
      R"("tags":{"k":"v","l":""},"legs":[{"to":"x","miles":1},{"to":"y","miles":4294967295}],)"
      R"("stops":[["p",5],["q",-5]],"seen":["a","b"]})";
  EXPECT_EQ(write_document(trip), text);
  auto read = parse_document<Trip>(text, "trip");
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_FALSE(read->seats.has_value());
  EXPECT_EQ(write_document(*read), text);

  trip.seats = -1;
  trip.last = Leg{"z", 2};
  trip.others = {{"o", 3}};
  read = parse_document<Trip>(write_document(trip), "trip");
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(read->seats, -1);
  EXPECT_EQ(read->last->to, "z");
  EXPECT_EQ(read->others.at(0).to, "o");
}

TEST(Document, MembersMayStandInAnyOrder) {
  const auto leg = parse_document<Leg>(R"({"miles":3,"to":"x","other":[],"v":1})", "leg");
  ASSERT_TRUE(leg.ok());
  EXPECT_EQ(leg->miles, 3u);
}

TEST(Document, TellsWhatIsWrong) {
  EXPECT_EQ(failure("{"), "leg: it isn't a JSON object");
  EXPECT_EQ(failure("[]"), "leg: it isn't a JSON object");
  EXPECT_EQ(failure(R"({"v":1,"to":"x"})"), "leg: the field miles isn't there");
  EXPECT_EQ(failure(R"({"v":1,"to":1,"miles":1})"), "leg: the field to is of another kind");
  EXPECT_EQ(failure(R"({"v":1,"to":"x","miles":"1"})"), "leg: the field miles is of another kind");
  EXPECT_EQ(failure(R"({"to":"x","miles":1})"), "leg: the field v isn't there");
  EXPECT_EQ(failure(R"({"v":2,"to":"x","miles":1})"), "leg: it was written by a newer version");
}

TEST(Document, TellsWhatIsWrongInside) {
  const std::string start = R"({"v":1,"name":"","booked":true,"saved":0,"id":0,"tags":)";
  const auto message = [&](const std::string& rest) {
    const auto parsed = parse_document<Trip>(start + rest, "trip");
    return parsed ? "none" : parsed.error().message;
  };
  EXPECT_EQ(message(R"({},"legs":[{}],"stops":[],"seen":[]})"), "trip: the field to isn't there");
  EXPECT_EQ(message(R"({"k":1},"legs":[],"stops":[],"seen":[]})"),
            "trip: the field tags is of another kind");
  EXPECT_EQ(message(R"({},"legs":{},"stops":[],"seen":[]})"),
            "trip: the field legs is of another kind");
  EXPECT_EQ(message(R"({},"legs":[],"stops":[["a"]],"seen":[]})"), "trip: the field 1 isn't there");
  EXPECT_EQ(message(R"({},"legs":[],"stops":[["a",1]],"seen":[1]})"),
            "trip: the field seen is of another kind");
  EXPECT_EQ(message(R"({},"legs":[],"stops":[["a",1]],"seen":["x"]})"), "none");
}

}  // namespace
}  // namespace millstream
