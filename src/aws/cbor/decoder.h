#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "aws/model/type_errors.h"

namespace millstream::aws {

enum class CborKind : uint8_t {
  kUnsigned,
  kNegative,
  kBytes,
  kText,
  kArray,
  kMap,
  kFalse,
  kTrue,
  kNull,    // null and undefined
  kFloat,   // of any width
  kSimple,  // a simple value without a meaning
};

// The beginning of a data item, with the tags before it.
struct CborHead {
  CborKind kind = CborKind::kNull;
  bool indefinite = false;  // a string in chunks, an array or a map up to a break
  bool time = false;        // the tag next to it is 1, a point in time
  uint64_t argument = 0;    // kUnsigned: the value; kNegative: -1 less it; else bytes or elements
  double number = 0;        // kFloat
};

// Walks the data items of a CBOR text (RFC 8949), of definite and of indefinite length, forwards
// and once. Keeps no memory but what its caller gives it; doesn't own the text.
//
// Every call says whether the text was well-formed so far; after a false no further call makes
// sense. As malformed counts, too, what would need far more memory than it has bytes: values nested
// more than kDepthMax deep in what is skipped, and more elements than JSON of the same size could
// have.
class CborDecoder {
 public:
  static constexpr size_t kDepthMax = 128;

  // The elements of an array, or the keys and values of a map, that are still to come.
  class Elements {
   public:
    Elements() = default;
    explicit Elements(const CborHead& head)
        : left_(head.kind == CborKind::kMap ? 2 * head.argument : head.argument),
          indefinite_(head.indefinite),
          map_(head.kind == CborKind::kMap) {}

   private:
    friend class CborDecoder;
    uint64_t left_ = 0;
    bool indefinite_ = false;
    bool map_ = false;
    bool value_next_ = false;  // of a map: the next one is a value
  };

  explicit CborDecoder(std::string_view text)
      : text_(text), elements_left_(kElementsMin + text.size() / 2) {}

  // Reads the head of the next data item.
  [[nodiscard]] bool head(CborHead* head);
  // Whether another element follows; else the container has ended.
  [[nodiscard]] bool more(Elements* elements, bool* more);
  // The content of the byte string or text whose head was just read, UTF-8 if it is text: a part of
  // the decoder's text, or `storage` if it came in chunks.
  [[nodiscard]] bool string(const CborHead& head, std::string* storage, std::string_view* content);
  // A map's key, which is text everywhere in AWS's protocols.
  [[nodiscard]] bool key(std::string* storage, std::string_view* key);
  // Passes by what is inside the item whose head was just read.
  [[nodiscard]] bool skip(const CborHead& head);

  [[nodiscard]] bool at_end() const { return at_ == text_.size(); }

 private:
  static constexpr size_t kElementsMin = 1024;

  [[nodiscard]] size_t left() const { return text_.size() - at_; }
  bool argument(unsigned char additional, uint64_t* argument);
  bool simple(unsigned char additional, CborHead* head);
  bool chunks(CborKind kind, std::string* storage);
  bool step(Elements* elements, bool* more);

  const std::string_view text_;
  size_t at_ = 0;
  size_t elements_left_;
};

// As what a data item counts where another kind is expected. Not for kNull.
FoundKind found_kind(const CborHead& head);

}  // namespace millstream::aws
