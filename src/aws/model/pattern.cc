#include "aws/model/pattern.h"

#include <algorithm>
#include <vector>

namespace millstream::aws::model {

namespace {

bool is_word(uint32_t code_point) {
  return (code_point >= '0' && code_point <= '9') || (code_point >= 'A' && code_point <= 'Z') ||
         (code_point >= 'a' && code_point <= 'z') || code_point == '_';
}

// The code point at `position` and where the next begins. A byte that isn't UTF-8 stands for
// itself.
struct Decoded {
  uint32_t code_point;
  size_t next;
};

Decoded decode(std::string_view text, size_t position) {
  const auto byte = [&](size_t index) { return static_cast<unsigned char>(text[index]); };
  const uint32_t first = byte(position);
  const size_t more = first < 0xC0 ? 0 : first < 0xE0 ? 1 : first < 0xF0 ? 2 : 3;
  if (more == 0 || position + more >= text.size()) return {first, position + 1};
  uint32_t code_point = first & (0x3Fu >> more);
  for (size_t i = 1; i <= more; ++i) code_point = code_point << 6 | (byte(position + i) & 0x3Fu);
  return {code_point, position + more + 1};
}

constexpr uint32_t kNoCodePoint = 0xFFFFFFFFu;

// All ways through the program at once: a set of instructions, moved on by one code point a step.
class Simulation {
 public:
  Simulation(const Pattern& pattern, std::string_view subject)
      : pattern_(pattern), subject_(subject), marks_(pattern.program.size(), 0) {}

  // From `start` at `position`; `whole` wants the match to end with the subject, otherwise any end
  // will do.
  bool run(uint16_t start, size_t position, uint32_t before, bool whole) {
    enter(start, position, before);
    while (true) {
      if (matched_ && (!whole || position == subject_.size())) return true;
      if (position == subject_.size() || current_.empty()) return false;
      const Decoded next = decode(subject_, position);
      std::vector<uint16_t> threads;
      threads.swap(current_);
      matched_ = false;
      ++generation_;
      for (const uint16_t at : threads) {
        if (pattern_.classes[pattern_.program[at].a].contains(next.code_point)) {
          enter(static_cast<uint16_t>(at + 1), next.next, next.code_point);
        }
      }
      position = next.next;
    }
  }

 private:
  // Adds what can be reached from `start` without taking a code point.
  void enter(uint16_t start, size_t position, uint32_t before) {
    pending_.push_back(start);
    while (!pending_.empty()) {
      const uint16_t at = pending_.back();
      pending_.pop_back();
      if (marks_[at] == generation_) continue;
      marks_[at] = generation_;
      follow(at, position, before);
    }
  }

  void follow(uint16_t at, size_t position, uint32_t before) {
    const PatternInstruction& instruction = pattern_.program[at];
    const auto next = static_cast<uint16_t>(at + 1);
    switch (instruction.op) {
      case PatternOp::kClass:
        current_.push_back(at);
        break;
      case PatternOp::kMatch:
        matched_ = true;
        break;
      case PatternOp::kSplit:
        pending_.push_back(instruction.b);
        pending_.push_back(instruction.a);
        break;
      case PatternOp::kJump:
        pending_.push_back(instruction.a);
        break;
      case PatternOp::kBegin:
        if (position == 0) pending_.push_back(next);
        break;
      case PatternOp::kEnd:
        if (position == subject_.size()) pending_.push_back(next);
        break;
      case PatternOp::kBoundary:
        if (at_boundary(position, before) == (instruction.a == 0)) pending_.push_back(next);
        break;
      case PatternOp::kAhead:
        if (Simulation(pattern_, subject_).run(next, position, before, false) ==
            (instruction.a == 0)) {
          pending_.push_back(instruction.b);
        }
        break;
      case PatternOp::kNotBehind:
        if (before == kNoCodePoint || !pattern_.classes[instruction.a].contains(before)) {
          pending_.push_back(next);
        }
        break;
    }
  }

  bool at_boundary(size_t position, uint32_t before) const {
    const bool word_before = before != kNoCodePoint && is_word(before);
    const bool word_after =
        position < subject_.size() && is_word(decode(subject_, position).code_point);
    return word_before != word_after;
  }

  const Pattern& pattern_;
  const std::string_view subject_;
  std::vector<uint32_t> marks_;  // the generation in which an instruction was entered last
  uint32_t generation_ = 1;
  std::vector<uint16_t> current_;
  std::vector<uint16_t> pending_;
  bool matched_ = false;
};

// [class]+ or [class]*, which most names have: one loop without a simulation.
const CharacterClass* only_class(const Pattern& pattern) {
  const auto op = [&](size_t index) { return pattern.program[index].op; };
  const bool star = pattern.program.size() == 4 && op(0) == PatternOp::kSplit;
  const bool plus = pattern.program.size() == 5 && op(0) == PatternOp::kClass &&
                    op(1) == PatternOp::kSplit && pattern.classes.size() == 1;
  return star || plus ? pattern.classes.data() : nullptr;
}

}  // namespace

bool CharacterClass::contains(uint32_t code_point) const {
  if (code_point < 128) return ascii[code_point / 64] >> (code_point % 64) & 1;
  return std::any_of(others.begin(), others.end(), [&](const CodePointRange& range) {
    return range.first <= code_point && code_point <= range.last;
  });
}

bool Pattern::matches(std::string_view subject) const {
  if (const CharacterClass* members = only_class(*this)) {
    if (subject.empty()) return program.size() == 4;
    for (size_t position = 0; position < subject.size();) {
      const Decoded next = decode(subject, position);
      if (!members->contains(next.code_point)) return false;
      position = next.next;
    }
    return true;
  }
  return Simulation(*this, subject).run(0, 0, kNoCodePoint, true);
}

}  // namespace millstream::aws::model
