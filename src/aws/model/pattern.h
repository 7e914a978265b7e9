#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace millstream::aws::model {

// A model's regular expression, compiled by the generator (tools/api_generator/patterns.py) to a
// small program. Matching simulates all its ways at once, so it takes time proportional to text x
// program whatever the pattern (std::regex backtracks: a crafted name could hold a reactor for
// minutes, or end its stack). The text is read code point by code point. Java's \p{L}, \p{N} and
// \p{Z} take every code point beyond ASCII.
struct CodePointRange {
  uint32_t first;
  uint32_t last;
};

struct CharacterClass {
  uint64_t ascii[2];                       // bit c: ASCII character c belongs to it
  std::span<const CodePointRange> others;  // beyond ASCII

  [[nodiscard]] bool contains(uint32_t code_point) const;
};

enum class PatternOp : uint8_t {
  kClass,      // consumes one code point of classes[a], goes on behind this
  kSplit,      // goes on at a and at b
  kJump,       // goes on at a
  kBegin,      // goes on at the text's begin only
  kEnd,        // ... at its end
  kBoundary,   // ... between a word character and something else (a = 1: not there)
  kAhead,      // ... at b, if what begins behind this matches the text's next part (a = 1: doesn't)
  kNotBehind,  // ... unless the code point before is of classes[a]
  kMatch,      // the text (or the part looked at) matches
};

struct PatternInstruction {
  PatternOp op;
  uint16_t a = 0;
  uint16_t b = 0;
};

struct Pattern {
  std::string_view text;                        // as the model has it, for messages
  std::span<const PatternInstruction> program;  // up to kPatternProgramMax
  std::span<const CharacterClass> classes;

  // Whether the whole of `subject` (UTF-8) matches. Pure.
  [[nodiscard]] bool matches(std::string_view subject) const;
};

inline constexpr size_t kPatternProgramMax = 4096;

}  // namespace millstream::aws::model
