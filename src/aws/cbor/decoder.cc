#include "aws/cbor/decoder.h"

#include <array>
#include <bit>
#include <cmath>

#include "base/coding.h"
#include "base/utf8.h"

namespace millstream::aws {

namespace {

// RFC 8949, section 3.
enum Major : unsigned char {
  kMajorUnsigned,
  kMajorNegative,
  kMajorBytes,
  kMajorText,
  kMajorArray,
  kMajorMap,
  kMajorTag,
  kMajorSimple
};
constexpr unsigned char kOneByte = 24;
constexpr unsigned char kEightBytes = 27;
constexpr unsigned char kIndefinite = 31;
constexpr unsigned char kBreak = 0xFF;
constexpr uint64_t kTimeTag = 1;

// RFC 8949, appendix D.
double half_to_double(uint16_t half) {
  const int exponent = half >> 10 & 0x1F;
  const double fraction = half & 0x3FF;
  double value = 0;
  if (exponent == 0) {
    value = std::ldexp(fraction, -24);
  } else if (exponent != 31) {
    value = std::ldexp(fraction + 1024, exponent - 25);
  } else {
    value = fraction == 0 ? INFINITY : NAN;
  }
  return (half & 0x8000) != 0 ? -value : value;
}

bool is_string(CborKind kind) {
  return kind == CborKind::kBytes || kind == CborKind::kText;
}
bool is_container(CborKind kind) {
  return kind == CborKind::kArray || kind == CborKind::kMap;
}

}  // namespace

bool CborDecoder::argument(unsigned char additional, uint64_t* argument) {
  *argument = additional;
  if (additional < kOneByte) return true;
  if (additional > kEightBytes) return false;
  const size_t bytes = size_t{1} << (additional - kOneByte);
  if (left() < bytes) return false;
  *argument = 0;
  for (size_t i = 0; i < bytes; ++i) {
    *argument = *argument << 8 | static_cast<unsigned char>(text_[at_++]);
  }
  return true;
}

bool CborDecoder::simple(unsigned char additional, CborHead* head) {
  uint64_t bits = 0;
  if (!argument(additional, &bits)) return false;
  head->kind = CborKind::kFloat;
  switch (additional) {
    case 20:
      head->kind = CborKind::kFalse;
      return true;
    case 21:
      head->kind = CborKind::kTrue;
      return true;
    case 22:
    case 23:
      head->kind = CborKind::kNull;
      return true;
    case 25:
      head->number = half_to_double(static_cast<uint16_t>(bits));
      return true;
    case 26:
      head->number = std::bit_cast<float>(static_cast<uint32_t>(bits));
      return true;
    case 27:
      head->number = std::bit_cast<double>(bits);
      return true;
    default:
      head->kind = CborKind::kSimple;
      return additional != kOneByte || bits >= 32;
  }
}

bool CborDecoder::head(CborHead* head) {
  *head = CborHead();
  while (!at_end()) {
    const auto initial = static_cast<unsigned char>(text_[at_++]);
    const auto major = static_cast<Major>(initial >> 5);
    const auto additional = static_cast<unsigned char>(initial & 0x1F);
    if (major == kMajorSimple) return simple(additional, head);
    const bool may_be_indefinite = major >= kMajorBytes && major <= kMajorMap;
    if (additional == kIndefinite && may_be_indefinite) {
      head->indefinite = true;
    } else if (!argument(additional, &head->argument)) {
      return false;
    }
    if (major != kMajorTag) {
      head->kind = static_cast<CborKind>(major);
      // Whatever its elements are, each has a byte at least.
      return major < kMajorBytes || head->argument <= left();
    }
    head->time = head->argument == kTimeTag;
  }
  return false;
}

bool CborDecoder::step(Elements* elements, bool* more) {
  if (elements->indefinite_) {
    if (at_end()) return false;
    *more = static_cast<unsigned char>(text_[at_]) != kBreak;
    if (!*more) {
      ++at_;
      return !elements->value_next_;
    }
  } else {
    *more = elements->left_ > 0;
    if (*more) --elements->left_;
  }
  if (elements->map_) elements->value_next_ = !elements->value_next_;
  return true;
}

bool CborDecoder::more(Elements* elements, bool* more) {
  if (!step(elements, more)) return false;
  return !*more || elements_left_-- > 0;
}

bool CborDecoder::chunks(CborKind kind, std::string* storage) {
  storage->clear();
  Elements chunks(CborHead{.kind = CborKind::kArray, .indefinite = true});
  bool another = false;
  while (step(&chunks, &another)) {
    if (!another) return true;
    const auto major = static_cast<CborKind>(static_cast<unsigned char>(text_[at_]) >> 5);
    CborHead chunk;
    if (major != kind || !head(&chunk) || chunk.indefinite) return false;
    storage->append(text_.substr(at_, chunk.argument));
    at_ += chunk.argument;
  }
  return false;
}

bool CborDecoder::string(const CborHead& head, std::string* storage, std::string_view* content) {
  if (!is_string(head.kind)) return false;
  if (head.indefinite) {
    if (!chunks(head.kind, storage)) return false;
    *content = *storage;
  } else {
    *content = text_.substr(at_, head.argument);
    at_ += head.argument;
  }
  return head.kind == CborKind::kBytes || is_utf8(*content);
}

bool CborDecoder::key(std::string* storage, std::string_view* key) {
  CborHead head;
  return this->head(&head) && head.kind == CborKind::kText && string(head, storage, key);
}

bool CborDecoder::skip(const CborHead& head) {
  std::array<Elements, kDepthMax> open;
  size_t depth = 0;
  std::string storage;
  std::string_view content;
  CborHead item = head;
  while (true) {
    if (is_string(item.kind) && !string(item, &storage, &content)) return false;
    if (is_container(item.kind)) {
      if (depth == open.size()) return false;
      open[depth++] = Elements(item);
    }
    bool another = false;
    while (depth > 0) {
      if (!step(&open[depth - 1], &another)) return false;
      if (another) break;
      --depth;
    }
    if (!another) return true;
    if (!this->head(&item)) return false;
  }
}

FoundKind found_kind(const CborHead& head) {
  switch (head.kind) {
    case CborKind::kMap:
      return FoundKind::kObject;
    case CborKind::kArray:
      return FoundKind::kArray;
    case CborKind::kText:
      return FoundKind::kString;
    case CborKind::kBytes:
      return FoundKind::kBytes;
    case CborKind::kFloat:
      return FoundKind::kDecimal;
    case CborKind::kFalse:
      return FoundKind::kFalse;
    case CborKind::kTrue:
      return FoundKind::kTrue;
    default:
      return FoundKind::kNumber;
  }
}

}  // namespace millstream::aws
