#include "aws/model/validate.h"

#include <string>
#include <vector>

#include "aws/model/constraints.h"

namespace millstream::aws::model {

namespace {

constexpr size_t kViolationsMax = 10;

bool is_simple(const Type& type) {
  return type.kind != Kind::kList && type.kind != Kind::kMap && type.kind != Kind::kStructure &&
         type.kind != Kind::kCustom;
}

class Validator {
 public:
  Validator(const MissingMembers& missing, const ValidationStyle& style)
      : missing_(missing), style_(style) {}

  void structure(const Type& type, const void* value, const Path* parent) {
    for (const Member& member : type.members) {
      const Path path{parent, Path::Step::kMember, member.name};
      if (member.required && missing_.contains(path)) {
        null_violation(path);
        continue;
      }
      const void* at = member.get(value);
      if (at && member.type->check_inside) check(*member.type, at, path);
    }
  }

  Result<> result() {
    if (violations_.empty()) return {};
    const std::string count = std::to_string(violations_.size());
    std::string message = count +
                          (violations_.size() == 1 ? " validation error" : " validation errors") +
                          " detected: ";
    for (size_t i = 0; i < violations_.size(); ++i) {
      if (i > 0) message += "; ";
      message += violations_[i];
    }
    return validation_error(std::move(message));
  }

 private:
  void check(const Type& type, const void* value, const Path& path) {
    for (const std::string& text : broken_constraints(type, value)) {
      violation(type, value, path, text);
    }
    if (type.kind == Kind::kStructure) structure(type, value, &path);
    if (type.kind == Kind::kList) elements(type, value, path);
    if (type.kind == Kind::kMap) entries(type, value, path);
  }

  void elements(const Type& type, const void* value, const Path& path) {
    const bool simple = is_simple(*type.element);
    const size_t size = type.list->size(value);
    for (size_t i = 0; i < size && violations_.size() < kViolationsMax; ++i) {
      const Path at{&path, Path::Step::kElement, {}, i};
      const void* element = type.list->at(value, i);
      if (missing_.contains(at)) {
        null_violation(at);
      } else if (!type.element->check_inside) {
        if (missing_.empty()) return;
      } else if (!simple) {
        check(*type.element, element, at);
      } else if (!broken_constraints(*type.element, element).empty()) {
        violation(type, value, path,
                  "Member must satisfy constraint: " + all_constraints(*type.element));
        return;
      }
    }
  }

  struct MapVisit {
    Validator* validator;
    const Type* type;
    const Path* path;
    bool keys_broken = false;
    bool values_broken = false;
  };

  void entries(const Type& type, const void* value, const Path& path) {
    MapVisit visit{this, &type, &path};
    type.map->visit(value, &visit, &Validator::entry);
    if (visit.keys_broken) {
      violation(type, value, path,
                "Map keys must satisfy constraint: " + all_constraints(*type.key));
    }
    if (visit.values_broken) {
      violation(type, value, path,
                "Map value must satisfy constraint: " + all_constraints(*type.element));
    }
  }

  static void entry(void* state, const std::string& key, const void* value) {
    auto* visit = static_cast<MapVisit*>(state);
    visit->keys_broken |= !broken_constraints(*visit->type->key, &key).empty();
    const Type& element = *visit->type->element;
    const Path at{visit->path, Path::Step::kValue, key};
    if (visit->validator->missing_.contains(at)) {
      visit->validator->null_violation(at);
    } else if (is_simple(element)) {
      visit->values_broken |= !broken_constraints(element, value).empty();
    } else if (element.check_inside) {
      visit->validator->check(element, value, at);
    }
  }

  void null_violation(const Path& path) {
    add(style_.show_value ? "Value null at '" : "Value at '", path, "Member must not be null");
  }

  void violation(const Type& type, const void* value, const Path& path, const std::string& text) {
    std::string shown;
    if (style_.show_value && value_text(type, value, &shown)) {
      add("Value '" + shown + "' at '", path, text);
    } else {
      add("Value at '", path, text);
    }
  }

  void add(const std::string& begin, const Path& path, const std::string& text) {
    if (violations_.size() >= kViolationsMax) return;
    violations_.push_back(begin + path.text(style_.lower_camel_paths) +
                          "' failed to satisfy constraint: " + text);
  }

  const MissingMembers& missing_;
  const ValidationStyle& style_;
  std::vector<std::string> violations_;
};

}  // namespace

Result<> validate(const Type& type, const void* value, const MissingMembers& missing,
                  const ValidationStyle& style) {
  if (!type.check_inside && missing.empty()) return {};
  Validator validator(missing, style);
  validator.structure(type, value, nullptr);
  return validator.result();
}

}  // namespace millstream::aws::model
