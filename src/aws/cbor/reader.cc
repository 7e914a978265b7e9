#include "aws/cbor/reader.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "aws/model/members.h"
#include "aws/model/type_errors.h"
#include "aws/model/types.h"
#include "base/time_text.h"

namespace millstream::aws {

namespace {

using model::Kind;
using model::Member;
using model::Path;
using model::Type;

constexpr size_t kDepthMax = CborDecoder::kDepthMax;

bool is_number(const CborHead& head) {
  const bool integer = head.kind == CborKind::kUnsigned || head.kind == CborKind::kNegative;
  return integer || (head.kind == CborKind::kFloat && std::isfinite(head.number));
}

double as_double(const CborHead& head) {
  if (head.kind == CborKind::kFloat) return head.number;
  const auto argument = static_cast<double>(head.argument);
  return head.kind == CborKind::kUnsigned ? argument : -1 - argument;
}

// Cut to a whole number, or the nearest bound.
int64_t as_integer(const CborHead& head, int64_t min, int64_t max) {
  if (head.kind == CborKind::kFloat) {
    if (head.number >= static_cast<double>(max)) return max;
    if (head.number <= static_cast<double>(min)) return min;
    return static_cast<int64_t>(std::trunc(head.number));
  }
  if (head.kind == CborKind::kUnsigned) {
    return head.argument >= static_cast<uint64_t>(max) ? max : static_cast<int64_t>(head.argument);
  }
  // -1 - argument, and ~min is -1 - min.
  return head.argument >= static_cast<uint64_t>(~min) ? min : ~static_cast<int64_t>(head.argument);
}

class Reader {
 public:
  Reader(CborDecoder& decoder, const CborReadOptions& options, model::MissingMembers* missing)
      : decoder_(decoder), options_(options), missing_(missing) {}

  Result<> structure(const CborHead& head, const Type& type, void* value, const Path* path) {
    if (head.kind != CborKind::kMap) return mismatch(head, type);
    model::FoundMembers found(type);
    CborDecoder::Elements elements(head);
    bool more = false;
    while (decoder_.more(&elements, &more)) {
      if (!more) {
        found.add_missing(false, path, missing_);
        return {};
      }
      std::string_view name;
      if (!decoder_.key(&storage_, &name)) break;
      const Member* member = model::find_body_member(type, name);
      Result<> read = entry(&elements, member, value, path, &found);
      if (!read) return read;
    }
    return not_cbor();
  }

 private:
  // What stands behind a structure's key.
  Result<> entry(CborDecoder::Elements* elements, const Member* member, void* structure,
                 const Path* path, model::FoundMembers* found) {
    CborHead head;
    if (!value_head(elements, &head)) return not_cbor();
    if (!member) return decoder_.skip(head) ? Result<>() : not_cbor();
    if (head.kind == CborKind::kNull) return {};
    found->add(*member);
    void* at = member->make(structure);
    if (!member->optional && member->type->reset) member->type->reset(at);
    const Path here{path, Path::Step::kMember, member->name};
    return value(head, *member->type, at, here);
  }

  // The head of a map's value, of which the key was just read.
  bool value_head(CborDecoder::Elements* elements, CborHead* head) {
    bool more = false;
    return decoder_.more(elements, &more) && more && decoder_.head(head);
  }

  Result<> value(const CborHead& head, const Type& type, void* value, const Path& path) {
    switch (type.kind) {
      case Kind::kString:
        return string(head, CborKind::kText, type, static_cast<std::string*>(value));
      case Kind::kBlob:
        return string(head, CborKind::kBytes, type, static_cast<std::string*>(value));
      case Kind::kBoolean:
        return boolean(head, type, static_cast<bool*>(value));
      case Kind::kInteger:
        return integer(head, type, static_cast<int32_t*>(value));
      case Kind::kLong:
        return integer(head, type, static_cast<int64_t*>(value));
      case Kind::kDouble:
        if (!is_number(head)) return mismatch(head, type);
        *static_cast<double*>(value) = as_double(head);
        return {};
      case Kind::kTimestamp:
        return timestamp(head, type, static_cast<Timestamp*>(value));
      case Kind::kCustom:
        return type.custom->read_cbor(decoder_, head, value);
      default:
        return nested(head, type, value, path);
    }
  }

  Result<> nested(const CborHead& head, const Type& type, void* value, const Path& path) {
    if (++depth_ > kDepthMax) return serialization_error("The input is nested too deeply.");
    Result<> read = type.kind == Kind::kList  ? list(head, type, value, path)
                    : type.kind == Kind::kMap ? map(head, type, value, path)
                                              : structure(head, type, value, &path);
    --depth_;
    return read;
  }

  Result<> list(const CborHead& head, const Type& type, void* value, const Path& path) {
    if (head.kind != CborKind::kArray) return mismatch(head, type);
    CborDecoder::Elements elements(head);
    bool more = false;
    CborHead element;
    for (size_t index = 0; decoder_.more(&elements, &more); ++index) {
      if (!more) return {};
      if (!decoder_.head(&element)) break;
      const Path at{&path, Path::Step::kElement, {}, index};
      Result<> read = contained(element, *type.element, type.list->append(value), at);
      if (!read) return read;
    }
    return not_cbor();
  }

  Result<> map(const CborHead& head, const Type& type, void* value, const Path& path) {
    if (head.kind != CborKind::kMap) return mismatch(head, type);
    CborDecoder::Elements elements(head);
    bool more = false;
    CborHead entry;
    while (decoder_.more(&elements, &more)) {
      if (!more) return {};
      std::string storage;
      std::string_view key;
      if (!decoder_.key(&storage, &key) || !value_head(&elements, &entry)) break;
      const Path at{&path, Path::Step::kValue, key};
      Result<> read = contained(entry, *type.element, type.map->assign(value, key), at);
      if (!read) return read;
    }
    return not_cbor();
  }

  Result<> contained(const CborHead& head, const Type& type, void* value, const Path& path) {
    if (head.kind != CborKind::kNull) return this->value(head, type, value, path);
    missing_->add(path);
    return {};
  }

  Result<> string(const CborHead& head, CborKind wanted, const Type& type, std::string* out) {
    if (head.kind != wanted) return mismatch(head, type);
    std::string_view content;
    if (!decoder_.string(head, &storage_, &content)) return not_cbor();
    out->assign(content);
    return {};
  }

  Result<> boolean(const CborHead& head, const Type& type, bool* out) {
    *out = head.kind == CborKind::kTrue;
    return *out || head.kind == CborKind::kFalse ? Result<>() : mismatch(head, type);
  }

  template <class Integer>
  Result<> integer(const CborHead& head, const Type& type, Integer* out) {
    using Limits = std::numeric_limits<Integer>;
    if (!is_number(head)) return mismatch(head, type);
    *out = static_cast<Integer>(as_integer(head, Limits::min(), Limits::max()));
    return {};
  }

  Result<> timestamp(const CborHead& head, const Type& type, Timestamp* out) {
    // What seconds may be without their milliseconds passing the bounds of an integer.
    constexpr int64_t kSecondsMax = 9'000'000'000'000'000;
    if (is_number(head)) {
      if (head.kind == CborKind::kFloat) {
        const auto bound = static_cast<double>(kSecondsMax);
        out->ms = std::llround(std::clamp(head.number, -bound, bound) * 1000);
      } else if (options_.time == CborTime::kSeconds) {
        out->ms = as_integer(head, -kSecondsMax, kSecondsMax) * 1000;
      } else {
        out->ms = as_integer(head, -kSecondsMax * 1000, kSecondsMax * 1000);
      }
      return {};
    }
    if (head.kind != CborKind::kText) return mismatch(head, type);
    std::string_view text;
    if (!decoder_.string(head, &storage_, &text)) return not_cbor();
    const auto ms = parse_iso8601_ms(text);
    if (!ms) return mismatch(head, type);
    out->ms = *ms;
    return {};
  }

  Result<> mismatch(const CborHead& head, const Type& type) const {
    return wrong_type(found_kind(head), type, options_.java_type_names);
  }

  CborDecoder& decoder_;
  const CborReadOptions& options_;
  model::MissingMembers* missing_;
  std::string storage_;  // of a string in chunks, until it is taken
  size_t depth_ = 0;
};

}  // namespace

Result<> read_cbor_object(std::string_view text, const Type& type, const CborReadOptions& options,
                          void* value, model::MissingMembers* missing) {
  CborDecoder decoder(text);
  CborHead head;
  if (!decoder.head(&head) || head.kind == CborKind::kNull) return not_cbor();
  Result<> read = Reader(decoder, options, missing).structure(head, type, value, nullptr);
  if (!read) return read;
  return decoder.at_end() ? Result<>() : not_cbor();
}

Error not_cbor() {
  return serialization_error("");
}

}  // namespace millstream::aws
