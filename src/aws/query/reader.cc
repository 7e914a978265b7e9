#include "aws/query/reader.h"

#include "aws/model/text.h"

namespace millstream::aws {

namespace {

using model::Kind;
using model::Member;
using model::Path;
using model::Type;

// A structure that contains itself is bounded by the names' depth (ParameterTree::kDepthMax).
class Reader {
 public:
  explicit Reader(model::MissingMembers* missing) : missing_(missing) {}

  Result<> structure(const ParameterTree& node, const Type& type, void* value, const Path* path) {
    for (const Member& member : type.members) {
      const Path at{path, Path::Step::kMember, member.name};
      const ParameterTree* child = node.find(member.wire_name);
      if (!child) {
        if (member.required) missing_->add(at);
        continue;
      }
      void* target = member.make(value);
      Result<> read = this->value(*child, *member.type, member.flattened, target, at);
      if (!read) return read;
    }
    return {};
  }

 private:
  Result<> value(const ParameterTree& node, const Type& type, bool flattened, void* value,
                 const Path& path) {
    switch (type.kind) {
      case Kind::kStructure:
        return structure(node, type, value, &path);
      case Kind::kList:
        return list(node, type, flattened, value, path);
      case Kind::kMap:
        return map(node, type, flattened, value, path);
      default:
        return text(node, type, value, path);
    }
  }

  Result<> text(const ParameterTree& node, const Type& type, void* value, const Path& path) {
    const std::string* text = node.value();
    if (text && model::parse_text(type, *text, value)) return {};
    return Error("MalformedInput", 400,
                 "The value of the parameter " + path.text(false) + " isn't of its type.");
  }

  Result<> list(const ParameterTree& node, const Type& type, bool flattened, void* value,
                const Path& path) {
    const ParameterTree* holder = flattened ? &node : node.find(type.element_name);
    // Some clients leave the element's name out.
    if (!holder) holder = &node;
    size_t index = 0;
    for (const auto& [number, child] : holder->numbered()) {
      const Path at{&path, Path::Step::kElement, {}, index++};
      Result<> read = this->value(*child, *type.element, false, type.list->append(value), at);
      if (!read) return read;
    }
    return {};
  }

  Result<> map(const ParameterTree& node, const Type& type, bool flattened, void* value,
               const Path& path) {
    const ParameterTree* holder = flattened ? &node : node.find("entry");
    if (!holder) return {};
    for (const auto& [number, entry] : holder->numbered()) {
      const ParameterTree* key = entry->find(type.key_name);
      const ParameterTree* element = entry->find(type.element_name);
      if (!key || !key->value() || !element) continue;
      const Path at{&path, Path::Step::kValue, *key->value()};
      Result<> read =
          this->value(*element, *type.element, false, type.map->assign(value, *key->value()), at);
      if (!read) return read;
    }
    return {};
  }

  model::MissingMembers* missing_;
};

}  // namespace

Result<> read_query(const ParameterTree& parameters, const Type& type, void* value,
                    model::MissingMembers* missing) {
  return Reader(missing).structure(parameters, type, value, nullptr);
}

}  // namespace millstream::aws
