#include "aws/json/writer.h"

#include "aws/model/text.h"
#include "base/base64.h"
#include "base/json_text.h"

namespace millstream::aws {

namespace {

using model::Kind;
using model::Member;
using model::TimestampFormat;
using model::Type;

class Writer {
 public:
  Writer(const JsonWriteOptions& options, std::string* out) : options_(options), out_(out) {}

  void structure(const Type& type, const void* value) {
    *out_ += '{';
    bool first = true;
    for (const Member& member : type.members) {
      if (!options_.model_names && member.location != model::Location::kBody) continue;
      const void* at = member.get(value);
      if (!at) continue;
      if (!first) *out_ += ',';
      first = false;
      append_json_string(options_.model_names ? member.name : member.wire_name, out_);
      *out_ += ':';
      this->value(*member.type, at, member.timestamp);
    }
    *out_ += '}';
  }

  void value(const Type& type, const void* value, TimestampFormat format) {
    switch (type.kind) {
      case Kind::kString:
        append_json_string(*static_cast<const std::string*>(value), out_);
        break;
      case Kind::kBlob:
        *out_ += '"';
        base64_append(*static_cast<const std::string*>(value), out_);
        *out_ += '"';
        break;
      case Kind::kTimestamp:
        timestamp(type, *static_cast<const Timestamp*>(value), format);
        break;
      case Kind::kList:
        list(type, value);
        break;
      case Kind::kMap:
        map(type, value);
        break;
      case Kind::kStructure:
        structure(type, value);
        break;
      case Kind::kCustom:
        type.custom->write(value, out_);
        break;
      default:
        model::append_text(type, value, format, out_);
    }
  }

 private:
  void timestamp(const Type& type, Timestamp value, TimestampFormat member) {
    const TimestampFormat format =
        options_.model_names ? TimestampFormat::kUnixSeconds
                             : model::timestamp_format(member, type, TimestampFormat::kUnixSeconds);
    const bool text = format != TimestampFormat::kUnixSeconds;
    if (text) *out_ += '"';
    model::append_timestamp(value, format, out_);
    if (text) *out_ += '"';
  }

  void list(const Type& type, const void* value) {
    *out_ += '[';
    const size_t size = type.list->size(value);
    for (size_t i = 0; i < size; ++i) {
      if (i > 0) *out_ += ',';
      this->value(*type.element, type.list->at(value, i), TimestampFormat::kDefault);
    }
    *out_ += ']';
  }

  struct MapVisit {
    Writer* writer;
    const Type* element;
    bool first;
  };

  void map(const Type& type, const void* value) {
    *out_ += '{';
    MapVisit visit{this, type.element, true};
    type.map->visit(value, &visit, [](void* state, const std::string& key, const void* entry) {
      auto* visit = static_cast<MapVisit*>(state);
      if (!visit->first) *visit->writer->out_ += ',';
      visit->first = false;
      append_json_string(key, visit->writer->out_);
      *visit->writer->out_ += ':';
      visit->writer->value(*visit->element, entry, TimestampFormat::kDefault);
    });
    *out_ += '}';
  }

  const JsonWriteOptions& options_;
  std::string* out_;
};

}  // namespace

void append_json_object(const Type& type, const void* value, const JsonWriteOptions& options,
                        std::string* out) {
  Writer(options, out).structure(type, value);
}

void append_json_value(const Type& type, const void* value, const JsonWriteOptions& options,
                       std::string* out) {
  Writer(options, out).value(type, value, TimestampFormat::kDefault);
}

}  // namespace millstream::aws
