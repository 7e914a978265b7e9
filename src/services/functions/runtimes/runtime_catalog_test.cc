#include "services/functions/runtimes/runtime_catalog.h"

#include <gtest/gtest.h>

namespace millstream::functions {
namespace {

Interpreter python(int minor, const std::string& program = "") {
  return {RuntimeFamily::kPython, {3, minor}, "3." + std::to_string(minor) + ".1", program, ""};
}
Interpreter node(int major) {
  return {RuntimeFamily::kNodejs, {major, 0}, std::to_string(major) + ".0.0", "node", ""};
}

TEST(RuntimeCatalogTest, TakesTheExactVersionWithoutAWarning) {
  const auto mapping =
      choose_interpreter(*find_runtime_name("python3.12"), {python(11), python(12), node(12)});
  EXPECT_TRUE(mapping.exact);
  EXPECT_EQ(mapping.interpreter->version, "3.12.1");
  EXPECT_EQ(mapping.warning, "");
}

TEST(RuntimeCatalogTest, PrefersTheFirstOfTwoOfTheSameVersion) {
  const auto mapping = choose_interpreter(*find_runtime_name("python3.12"),
                                          {python(12, "/configured"), python(12, "/usr/bin/x")});
  EXPECT_EQ(mapping.interpreter->program, "/configured");
}

TEST(RuntimeCatalogTest, TakesTheNearestWithAWarning) {
  const auto mapping =
      choose_interpreter(*find_runtime_name("python3.14"), {python(9), python(13, "/p"), node(14)});
  EXPECT_FALSE(mapping.exact);
  EXPECT_EQ(mapping.warning, "python3.14 isn't on this host; it runs with Python 3.13.1 (/p)");
}

TEST(RuntimeCatalogTest, PrefersTheNewerOfTwoThatAreEquallyNear) {
  EXPECT_EQ(choose_interpreter(*find_runtime_name("nodejs22.x"), {node(20), node(24)})
                .interpreter->number.major,
            24);
}

TEST(RuntimeCatalogTest, SaysWhenThereIsNone) {
  const auto mapping = choose_interpreter(*find_runtime_name("nodejs22.x"), {python(12)});
  EXPECT_FALSE(mapping.interpreter);
  EXPECT_EQ(mapping.warning, "nodejs22.x: this host has no Node.js interpreter");
}

TEST(RuntimeCatalogTest, FindsWhatTheHostHas) {
  RuntimeCatalog catalog({{}, "/usr/bin", ""});
  for (const auto& interpreter : catalog.interpreters()) {
    EXPECT_EQ(interpreter.program[0], '/');
    EXPECT_GE(interpreter.number.major, 3);
  }
  EXPECT_EQ(catalog.list().size(), known_runtimes().size());
}

TEST(RuntimeCatalogTest, KnowsNoOtherIdentifiers) {
  EXPECT_EQ(find_runtime_name("python2.7"), nullptr);
  EXPECT_EQ(find_runtime_name("java21"), nullptr);
}

}  // namespace
}  // namespace millstream::functions
