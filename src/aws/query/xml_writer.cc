#include "aws/query/xml_writer.h"

#include "aws/model/text.h"

namespace millstream::aws {

namespace {

using model::Kind;
using model::Member;
using model::TimestampFormat;
using model::Type;

void open(std::string_view name, std::string* out) {
  out->append("<").append(name).append(">");
}
void close(std::string_view name, std::string* out) {
  out->append("</").append(name).append(">");
}

class Writer {
 public:
  explicit Writer(std::string* out) : out_(out) {}

  void structure(const Type& type, const void* value) {
    for (const Member& member : type.members) {
      if (const void* at = member.get(value)) this->member(member, at);
    }
  }

 private:
  void member(const Member& member, const void* value) {
    const Type& type = *member.type;
    if (member.flattened && type.kind == Kind::kList) {
      elements(type, value, member.wire_name);
    } else if (member.flattened && type.kind == Kind::kMap) {
      entries(type, value, member.wire_name);
    } else {
      element(member.wire_name, type, value, member.timestamp);
    }
  }

  void element(std::string_view name, const Type& type, const void* value,
               TimestampFormat timestamp) {
    open(name, out_);
    content(type, value, timestamp);
    close(name, out_);
  }

  void content(const Type& type, const void* value, TimestampFormat timestamp) {
    switch (type.kind) {
      case Kind::kStructure:
        structure(type, value);
        break;
      case Kind::kList:
        elements(type, value, type.element_name);
        break;
      case Kind::kMap:
        entries(type, value, "entry");
        break;
      case Kind::kString:
        append_xml_text(*static_cast<const std::string*>(value), out_);
        break;
      default:
        model::append_text(
            type, value, model::timestamp_format(timestamp, type, TimestampFormat::kIso8601), out_);
    }
  }

  void elements(const Type& type, const void* value, std::string_view name) {
    for (size_t i = 0; i < type.list->size(value); ++i) {
      element(name, *type.element, type.list->at(value, i), TimestampFormat::kDefault);
    }
  }

  struct MapVisit {
    Writer* writer;
    const Type* type;
    std::string_view name;
  };

  void entries(const Type& type, const void* value, std::string_view name) {
    MapVisit visit{this, &type, name};
    type.map->visit(value, &visit, [](void* state, const std::string& key, const void* entry) {
      const auto* visit = static_cast<MapVisit*>(state);
      std::string* out = visit->writer->out_;
      open(visit->name, out);
      append_xml_element(visit->type->key_name, key, out);
      visit->writer->element(visit->type->element_name, *visit->type->element, entry,
                             TimestampFormat::kDefault);
      close(visit->name, out);
    });
  }

  std::string* out_;
};

}  // namespace

void append_xml_text(std::string_view text, std::string* out) {
  for (const char c : text) {
    switch (c) {
      case '&':
        *out += "&amp;";
        break;
      case '<':
        *out += "&lt;";
        break;
      case '>':
        *out += "&gt;";
        break;
      case '"':
        *out += "&quot;";
        break;
      case '\r':
        *out += "&#xD;";
        break;
      case '\n':
      case '\t':
        *out += c;
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          *out += "\xEF\xBF\xBD";
        } else {
          *out += c;
        }
    }
  }
}

void append_xml_element(std::string_view name, std::string_view text, std::string* out) {
  open(name, out);
  append_xml_text(text, out);
  close(name, out);
}

void append_xml_members(const Type& type, const void* value, std::string* out) {
  Writer(out).structure(type, value);
}

}  // namespace millstream::aws
