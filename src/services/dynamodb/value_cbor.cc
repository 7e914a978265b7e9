#include "services/dynamodb/value_cbor.h"

#include "aws/cbor/reader.h"
#include "aws/model/descriptor.h"
#include "aws/model/type_errors.h"
#include "services/dynamodb/value_parts.h"

namespace millstream::dynamodb {
namespace {

using aws::CborHead;
using aws::CborKind;

// One AttributeValue after the other, with the nesting that they are in.
class Reader {
 public:
  explicit Reader(aws::CborDecoder& decoder) : decoder_(decoder) {}

  // `level` is 1 for an attribute. Recursion is bounded by Value::kNestingMax.
  aws::Result<> value(const CborHead& head, int level, Value* out) {
    if (head.kind != CborKind::kMap) {
      return aws::serialization_error("Unexpected value type in payload");
    }
    aws::CborDecoder::Elements elements(head);
    int found = 0;
    while (true) {
      std::string storage;
      std::string_view name;
      CborHead part;
      aws::Result<bool> entry = next_entry(&elements, &storage, &name, &part);
      if (!entry) return entry.take_error();
      if (!*entry) break;
      const auto type = type_from_name(name);
      if (!type || part.kind == CborKind::kNull) {
        if (!decoder_.skip(part)) return aws::not_cbor();
        continue;
      }
      aws::Result<Value> typed = this->typed(*type, part, level);
      if (!typed) return typed.take_error();
      if (++found == 1) *out = typed.take();
    }
    if (auto defect = wrong_count(found)) *out = std::move(*defect);
    return {};
  }

 private:
  // A map's next key and the head of its value; false at the end.
  aws::Result<bool> next_entry(aws::CborDecoder::Elements* elements, std::string* storage,
                               std::string_view* key, CborHead* head) {
    bool more = false;
    if (!decoder_.more(elements, &more)) return aws::not_cbor();
    if (!more) return false;
    if (!decoder_.key(storage, key) || !decoder_.more(elements, &more) || !more ||
        !decoder_.head(head)) {
      return aws::not_cbor();
    }
    return true;
  }

  aws::Result<Value> typed(ValueType type, const CborHead& head, int level) {
    switch (type) {
      case ValueType::kS:
        return value_of(string(head, kString), &Value::string);
      case ValueType::kB:
        return value_of(string(head, kBlob), &Value::binary);
      case ValueType::kBool:
        return value_of(flag(head), &Value::boolean);
      case ValueType::kN:
        return value_of(string(head, kString), &number_from);
      case ValueType::kNull:
        return value_of(flag(head), &null_from);
      case ValueType::kSS:
        return value_of(strings(head, kString), &string_set_from);
      case ValueType::kNS:
        return value_of(strings(head, kString), &number_set_from);
      case ValueType::kBS:
        return value_of(strings(head, kBlob), &binary_set_from);
      case ValueType::kM:
      case ValueType::kL:
        if (level >= Value::kNestingMax) {
          if (!decoder_.skip(head)) return aws::not_cbor();
          return too_deep();
        }
        return type == ValueType::kM ? entries(head, level) : elements(head, level);
      case ValueType::kDefect:
        break;
    }
    return aws::serialization_error("Unexpected value type in payload");
  }

  aws::Result<std::string> string(const CborHead& head, const aws::model::Type& wanted) {
    const bool bytes = wanted.kind == aws::model::Kind::kBlob;
    if (head.kind != (bytes ? CborKind::kBytes : CborKind::kText)) return mismatch(head, wanted);
    std::string storage;
    std::string_view content;
    if (!decoder_.string(head, &storage, &content)) return aws::not_cbor();
    return std::string(content);
  }

  static aws::Result<bool> flag(const CborHead& head) {
    const bool flag = head.kind == CborKind::kTrue;
    if (!flag && head.kind != CborKind::kFalse) return mismatch(head, kBoolean);
    return flag;
  }

  aws::Result<std::vector<std::string>> strings(const CborHead& head,
                                                const aws::model::Type& wanted) {
    std::vector<std::string> members;
    aws::Result<> read = each(head, [&](const CborHead& element) -> aws::Result<> {
      aws::Result<std::string> member = string(element, wanted);
      if (!member) return member.take_error();
      members.push_back(member.take());
      return {};
    });
    if (!read) return read.take_error();
    return members;
  }

  aws::Result<Value> elements(const CborHead& head, int level) {
    List list;
    aws::Result<> read = each(head, [&](const CborHead& element) {
      return value(element, level + 1, &list.emplace_back());
    });
    if (!read) return read.take_error();
    return Value::list(std::move(list));
  }

  aws::Result<Value> entries(const CborHead& head, int level) {
    if (head.kind != CborKind::kMap) return aws::serialization_error("Unexpected field type");
    aws::CborDecoder::Elements elements(head);
    Item map;
    while (true) {
      std::string storage;
      std::string_view name;
      CborHead part;
      aws::Result<bool> entry = next_entry(&elements, &storage, &name, &part);
      if (!entry) return entry.take_error();
      if (!*entry) return Value::map(std::move(map));
      aws::Result<> read = value(part, level + 1, &map[std::string(name)]);
      if (!read) return read.take_error();
    }
  }

  // Calls `visit(head)` for each element of an array.
  template <class Visit>
  aws::Result<> each(const CborHead& head, const Visit& visit) {
    if (head.kind != CborKind::kArray) return aws::serialization_error("Unexpected field type");
    aws::CborDecoder::Elements elements(head);
    bool more = false;
    while (decoder_.more(&elements, &more)) {
      CborHead element;
      if (!more) return {};
      if (!decoder_.head(&element)) break;
      aws::Result<> visited = visit(element);
      if (!visited) return visited;
    }
    return aws::not_cbor();
  }

  static aws::Error mismatch(const CborHead& head, const aws::model::Type& wanted) {
    if (head.kind == CborKind::kNull) return aws::serialization_error("Unexpected field type");
    return aws::wrong_type(found_kind(head), wanted, true);
  }

  static constexpr aws::model::Type kString{.kind = aws::model::Kind::kString, .name = "String"};
  static constexpr aws::model::Type kBlob{.kind = aws::model::Kind::kBlob, .name = "Blob"};
  static constexpr aws::model::Type kBoolean{.kind = aws::model::Kind::kBoolean, .name = "Boolean"};

  aws::CborDecoder& decoder_;
};

}  // namespace

aws::Result<> read_cbor(aws::CborDecoder& decoder, const CborHead& head, Value* out) {
  return Reader(decoder).value(head, 1, out);
}

}  // namespace millstream::dynamodb
