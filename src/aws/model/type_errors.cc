#include "aws/model/type_errors.h"

namespace millstream::aws {

namespace {

using model::Kind;

std::string_view token_name(FoundKind found) {
  switch (found) {
    case FoundKind::kString:
      return "STRING_VALUE";
    case FoundKind::kNumber:
      return "NUMBER_VALUE";
    case FoundKind::kDecimal:
      return "DECIMAL_VALUE";
    case FoundKind::kTrue:
      return "TRUE_VALUE";
    case FoundKind::kFalse:
      return "FALSE_VALUE";
    case FoundKind::kBytes:
      return "BYTES_VALUE";
    default:
      return "";
  }
}

struct KindNames {
  std::string_view article;  // "an Integer"
  std::string_view java;     // "Integer"
  std::string_view java_class;
};

KindNames kind_names(const model::Type& type) {
  switch (type.kind) {
    case Kind::kString:
      return {"a String", "String", "class java.lang.String"};
    case Kind::kBlob:
      return {"a Blob", "Blob", "class java.nio.ByteBuffer"};
    case Kind::kBoolean:
      return {"a Boolean", "Boolean", "class java.lang.Boolean"};
    case Kind::kInteger:
      return {"an Integer", "Integer", "class java.lang.Integer"};
    case Kind::kLong:
      return {"a Long", "Long", "class java.lang.Long"};
    case Kind::kDouble:
      return {"a Double", "Double", "class java.lang.Double"};
    case Kind::kTimestamp:
      return {"milliseconds since epoch", "milliseconds since epoch", "class java.util.Date"};
    case Kind::kMap:
      return {"a Map", "Map", "interface java.util.Map"};
    default:
      return {"a Structure", "Structure", "class"};
  }
}

std::string java_message(FoundKind found, const model::Type& expected) {
  if (found == FoundKind::kObject) return "Start of structure or map found where not expected";
  if (found == FoundKind::kArray) {
    std::string message = "Unrecognized collection type ";
    message.append(kind_names(expected).java_class);
    if (expected.kind == Kind::kStructure || expected.kind == Kind::kCustom) {
      message.append(" ").append(expected.name);
    }
    return message;
  }
  switch (expected.kind) {
    case Kind::kList:
    case Kind::kMap:
      return "Unexpected field type";
    case Kind::kStructure:
    case Kind::kCustom:
      return "Unexpected value type in payload";
    case Kind::kBlob:
      return "only base-64-encoded strings are convertible to bytes";
    case Kind::kBoolean:
      if (found == FoundKind::kString) return "Unexpected token received from parser";
      break;
    default:
      break;
  }
  return std::string(token_name(found)) + " cannot be converted to " +
         std::string(kind_names(expected).java);
}

std::string message(FoundKind found, const model::Type& expected) {
  if (found == FoundKind::kObject) return "Start of structure or map found where not expected.";
  if (found == FoundKind::kArray) return "Start of list found where not expected";
  switch (expected.kind) {
    case Kind::kList:
      return "Expected list or null";
    case Kind::kMap:
      return "Expected map or null";
    case Kind::kStructure:
    case Kind::kCustom:
      return "Expected null";
    default:
      break;
  }
  return std::string(token_name(found)) + " can not be converted to " +
         std::string(kind_names(expected).article);
}

}  // namespace

Error wrong_type(FoundKind found, const model::Type& expected, bool java_type_names) {
  return serialization_error(java_type_names ? java_message(found, expected)
                                             : message(found, expected));
}

Error wrong_base64(std::string_view text) {
  if (text.size() % 4 != 0) {
    return serialization_error(
        "Base64 encoded length is expected a multiple of 4 bytes but found: " +
        std::to_string(text.size()));
  }
  const size_t bad =
      text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=");
  if (bad != std::string_view::npos) {
    return serialization_error("Invalid Base64 character: '" + std::string(text.substr(bad, 1)) +
                               "'");
  }
  return serialization_error("Invalid last non-pad Base64 character dectected");
}

}  // namespace millstream::aws
