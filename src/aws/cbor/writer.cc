#include "aws/cbor/writer.h"

#include "aws/cbor/encoder.h"
#include "aws/model/types.h"
#include "base/check.h"

namespace millstream::aws {

namespace {

using model::Kind;
using model::Member;
using model::Type;

class Writer {
 public:
  Writer(CborTime time, std::string* out) : time_(time), out_(out) {}

  void structure(const Type& type, const void* value) {
    uint64_t entries = 0;
    for (const Member& member : type.members) entries += written(member, value) ? 1 : 0;
    append_cbor_map(entries, out_);
    for (const Member& member : type.members) {
      const void* at = written(member, value);
      if (!at) continue;
      append_cbor_text(member.wire_name, out_);
      this->value(*member.type, at);
    }
  }

 private:
  // The member's value if it goes into the body; else nullptr.
  static const void* written(const Member& member, const void* structure) {
    return member.location == model::Location::kBody ? member.get(structure) : nullptr;
  }

  void value(const Type& type, const void* value) {
    switch (type.kind) {
      case Kind::kString:
        append_cbor_text(*static_cast<const std::string*>(value), out_);
        break;
      case Kind::kBlob:
        append_cbor_bytes(*static_cast<const std::string*>(value), out_);
        break;
      case Kind::kBoolean:
        append_cbor_boolean(*static_cast<const bool*>(value), out_);
        break;
      case Kind::kInteger:
        append_cbor_integer(*static_cast<const int32_t*>(value), out_);
        break;
      case Kind::kLong:
        append_cbor_integer(*static_cast<const int64_t*>(value), out_);
        break;
      case Kind::kDouble:
        append_cbor_double(*static_cast<const double*>(value), out_);
        break;
      case Kind::kTimestamp:
        timestamp(static_cast<const Timestamp*>(value)->ms);
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
        type.custom->write_cbor(value, out_);
        break;
    }
  }

  void timestamp(int64_t ms) {
    append_cbor_time_tag(out_);
    if (time_ == CborTime::kMilliseconds) {
      append_cbor_integer(ms, out_);
    } else if (ms % 1000 == 0) {
      append_cbor_integer(ms / 1000, out_);
    } else {
      append_cbor_double(static_cast<double>(ms) / 1000, out_);
    }
  }

  void list(const Type& type, const void* value) {
    const size_t size = type.list->size(value);
    append_cbor_array(size, out_);
    for (size_t i = 0; i < size; ++i) this->value(*type.element, type.list->at(value, i));
  }

  struct MapVisit {
    Writer* writer;
    const Type* element;
  };

  void map(const Type& type, const void* value) {
    append_cbor_map(type.map->size(value), out_);
    MapVisit visit{this, type.element};
    type.map->visit(value, &visit, [](void* state, const std::string& key, const void* entry) {
      auto* visit = static_cast<MapVisit*>(state);
      append_cbor_text(key, visit->writer->out_);
      visit->writer->value(*visit->element, entry);
    });
  }

  const CborTime time_;
  std::string* out_;
};

}  // namespace

void append_cbor_object(const Type& type, const void* value, CborTime time, std::string* out) {
  Writer(time, out).structure(type, value);
}

}  // namespace millstream::aws
