#include "services/dynamodb/model/check.h"

#include <algorithm>
#include <array>
#include <optional>

#include "services/dynamodb/model/reserved_words.h"

namespace millstream::dynamodb {
namespace {

using Kind = Node::Kind;

struct Function {
  enum class Use { kCondition, kOperand, kUpdate };
  std::string_view name;
  size_t operands;
  Use use;
};
constexpr std::array<Function, 8> kFunctions = {{
    {"attribute_exists", 1, Function::Use::kCondition},
    {"attribute_not_exists", 1, Function::Use::kCondition},
    {"attribute_type", 2, Function::Use::kCondition},
    {"begins_with", 2, Function::Use::kCondition},
    {"contains", 2, Function::Use::kCondition},
    {"size", 1, Function::Use::kOperand},
    {"if_not_exists", 2, Function::Use::kUpdate},
    {"list_append", 2, Function::Use::kUpdate},
}};

const Function* find_function(std::string_view name) {
  const auto found = std::find_if(kFunctions.begin(), kFunctions.end(),
                                  [&](const Function& function) { return function.name == name; });
  return found == kFunctions.end() ? nullptr : &*found;
}

// The type that an operand has whatever the item holds; nothing for a path.
std::optional<ValueType> known_type(const Node& node) {
  const Node& operand = inside(node);
  if (operand.kind == Kind::kValue) return operand.value->type();
  if (operand.kind == Kind::kCall && operand.text == "size") return ValueType::kN;
  return std::nullopt;
}

std::string bound_text(const Value& value) {
  std::string text = "AttributeValue: {" + std::string(type_name(value.type())) + ":";
  if (value.type() == ValueType::kS) text += value.as_string();
  if (value.type() == ValueType::kN) value.as_number().append_text(&text);
  if (value.type() == ValueType::kB) {
    const std::string size = std::to_string(value.as_binary().size());
    text += "java.nio.HeapByteBuffer[pos=0 lim=" + size + " cap=" + size + "]";
  }
  return text + "}";
}

// The checks of one expression. Each returns whether it may go on; the first finding is kept.
class Checker {
 public:
  Checker(ExpressionKind kind, Substitutions* substitutions)
      : kind_(kind), substitutions_(substitutions) {}

  Result<> result() {
    if (problem_) return std::move(*problem_);
    return {};
  }

  // First pass, in the order of writing: reserved words, list indexes, and which function may stand
  // where.
  enum class Place { kCondition, kOperand };
  bool check_words(const Node& node, Place place) {
    switch (node.kind) {
      case Kind::kPath:
        return check_path_words(node.path);
      case Kind::kCall:
        return check_function(node, place) && check_children(node, Place::kOperand);
      case Kind::kParentheses:
        return check_children(node, place);
      case Kind::kAnd:
      case Kind::kOr:
      case Kind::kNot:
        return check_children(node, Place::kCondition);
      default:
        return check_children(node, Place::kOperand);
    }
  }
  bool check_path_words(const DocumentPath& path) {
    for (const PathStep& step : path) {
      if (step.index == PathStep::kIndexOutOfRange) {
        return refuse("List index is not within the allowable range; index: [" + step.name + "]");
      }
      if (!step.is_index() && !step.placeholder && is_reserved_word(step.name)) {
        return refuse("Attribute name is a reserved keyword; reserved keyword: " + step.name);
      }
    }
    return true;
  }

  // Second pass: placeholders, operands and their types, from the leaves up.
  bool check_operands(Node* node) {
    switch (node->kind) {
      case Kind::kPath:
        return resolve_path(&node->path) && check_path_length(node->path);
      case Kind::kValue:
        return resolve_value(node);
      case Kind::kCall:
        if (kind_ == ExpressionKind::kUpdate && !check_arity(*node)) return false;
        return check_all_operands(node) && check_call(*node);
      case Kind::kCompare:
        return check_all_operands(node) && check_distinct(*node) && check_comparison(*node);
      case Kind::kBetween:
        return check_all_operands(node) && check_distinct(*node) &&
               check_ordered(*node, "BETWEEN") && check_bounds(*node);
      case Kind::kIn:
        return check_all_operands(node) && check_in_count(*node) && check_distinct(*node);
      case Kind::kArithmetic:
        return check_all_operands(node) && check_types(*node, node->text, {ValueType::kN});
      default:
        return check_all_operands(node);
    }
  }

  bool resolve_path(DocumentPath* path) {
    for (PathStep& step : *path) {
      if (!step.placeholder) continue;
      const std::string* name = substitutions_->name(step.name);
      if (name == nullptr) {
        return refuse(
            "An expression attribute name used in the document path is not defined; attribute "
            "name: " +
            step.name);
      }
      step.name = *name;
      step.placeholder = false;
    }
    return true;
  }
  bool check_path_length(const DocumentPath& path) {
    if (path.size() <= kPathStepsMax) return true;
    return refuse("The document path has too many nesting levels; nesting levels: " +
                  std::to_string(path.size()));
  }
  bool check_overlaps(const std::vector<const DocumentPath*>& paths) {
    auto overlap = find_overlap(paths);
    return !overlap || refuse(std::move(*overlap));
  }
  bool resolve_names(Node* node) {
    if (node->kind == Kind::kPath) return resolve_path(&node->path);
    return std::all_of(node->children.begin(), node->children.end(),
                       [&](Node& child) { return resolve_names(&child); });
  }
  bool check_action_value(const UpdateAction& action) {
    if (action.kind == UpdateAction::Kind::kSet || action.operand.empty()) return true;
    const Value& value = *action.operand.front().value;
    const bool number_allowed = action.kind == UpdateAction::Kind::kAdd;
    if (value.is_set() || (number_allowed && value.type() == ValueType::kN)) return true;
    const std::string name(action_name(action.kind));
    return refuse("Incorrect operand type for operator or function; operator: " + name +
                  ", operand type: " + std::string(type_long_name(value.type())) +
                  ", typeSet: ALLOWED_FOR_" + name + "_OPERAND");
  }
  bool refuse(const std::string& message) {
    if (!problem_) problem_ = expression_error(kind_, message);
    return false;
  }

 private:
  bool check_children(const Node& node, Place place) {
    return std::all_of(node.children.begin(), node.children.end(),
                       [&](const Node& child) { return check_words(child, place); });
  }
  bool check_function(const Node& node, Place place) {
    const Function* function = find_function(node.text);
    if (function == nullptr) return refuse("Invalid function name; function: " + node.text);
    const bool of_update = function->use == Function::Use::kUpdate;
    if (kind_ == ExpressionKind::kUpdate) {
      if (of_update) return true;
      return refuse("The function is not allowed in an update expression; function: " + node.text);
    }
    if (of_update) {
      return refuse("The function is not allowed in a condition expression; function: " +
                    node.text);
    }
    if ((place == Place::kCondition) != (function->use == Function::Use::kCondition)) {
      return refuse("The function is not allowed to be used this way in an expression; function: " +
                    node.text);
    }
    return check_arity(node);
  }
  bool check_arity(const Node& node) {
    if (node.children.size() == find_function(node.text)->operands) return true;
    return refuse("Incorrect number of operands for operator or function; operator or function: " +
                  node.text + ", number of operands: " + std::to_string(node.children.size()));
  }

  bool check_all_operands(Node* node) {
    return std::all_of(node->children.begin(), node->children.end(),
                       [&](Node& child) { return check_operands(&child); });
  }
  bool resolve_value(Node* node) {
    if (node->value != nullptr) return true;
    node->value = substitutions_->value(node->text);
    return node->value != nullptr || refuse(
                                         "An expression attribute value used in expression is not "
                                         "defined; attribute value: " +
                                         node->text);
  }
  bool check_distinct(const Node& node) {
    const Node& first = inside(node.children.front());
    if (first.kind != Kind::kPath) return true;
    for (size_t i = 1; i < node.children.size(); ++i) {
      const Node& other = inside(node.children[i]);
      if (other.kind != Kind::kPath || other.path != first.path) continue;
      return refuse(
          "The first operand must be distinct from the remaining operands for this operator or "
          "function; operator: " +
          node.text + ", first operand: " + path_text(first.path));
    }
    return true;
  }
  bool wrong_type(std::string_view name, std::string_view type) {
    return refuse("Incorrect operand type for operator or function; operator or function: " +
                  std::string(name) + ", operand type: " + std::string(type));
  }
  bool check_types(const Node& node, std::string_view name,
                   std::initializer_list<ValueType> allowed) {
    for (const Node& child : node.children) {
      const auto type = known_type(child);
      if (type && std::find(allowed.begin(), allowed.end(), *type) == allowed.end()) {
        return wrong_type(name, type_name(*type));
      }
    }
    return true;
  }
  bool check_ordered(const Node& node, std::string_view name) {
    return check_types(node, name, {ValueType::kS, ValueType::kN, ValueType::kB});
  }
  bool check_comparison(const Node& node) {
    return node.text == "=" || node.text == "<>" || check_ordered(node, node.text);
  }
  bool check_bounds(const Node& node) {
    const Node& low = inside(node.children[1]);
    const Node& high = inside(node.children[2]);
    if (low.kind != Kind::kValue || high.kind != Kind::kValue) return true;
    const auto order = compare_scalars(*low.value, *high.value);
    if (order && *order <= 0) return true;
    return refuse(std::string("The BETWEEN operator requires ") +
                  (order ? "upper bound to be greater than or equal to lower bound"
                         : "same data type for lower and upper bounds") +
                  "; lower bound operand: " + bound_text(*low.value) +
                  ", upper bound operand: " + bound_text(*high.value));
  }
  bool check_in_count(const Node& node) {
    const size_t count = node.children.size() - 1;
    return count <= kInOperandsMax ||
           refuse("The IN operator is provided with too many operands; number of operands: " +
                  std::to_string(count));
  }
  bool check_call(const Node& node) {
    const std::string& name = node.text;
    const bool needs_path = name == "attribute_exists" || name == "attribute_not_exists" ||
                            name == "attribute_type" || name == "if_not_exists";
    if (needs_path && inside(node.children.front()).kind != Kind::kPath) {
      return refuse("Operator or function requires a document path; operator or function: " + name);
    }
    if (name != "size" && name != "list_append" && !check_distinct(node)) return false;
    if (name == "size") {
      return check_types(node, name,
                         {ValueType::kS, ValueType::kB, ValueType::kSS, ValueType::kNS,
                          ValueType::kBS, ValueType::kL, ValueType::kM});
    }
    if (name == "begins_with") return check_types(node, name, {ValueType::kS, ValueType::kB});
    if (name == "list_append") return check_types(node, name, {ValueType::kL});
    if (name == "attribute_type") return check_type_operand(inside(node.children[1]));
    return true;
  }
  bool check_type_operand(const Node& operand) {
    constexpr std::string_view kAnyType =
        "{SS,M,DECIMAL,DOUBLESET,HDS,N,B,DICT,INTSET,BOOL,HD,BS,INT,DECIMALSET,NULL,FLOAT,FS,S,L,"
        "NS,"
        "DOUBLE}";
    const auto type = known_type(operand);
    if (type != ValueType::kS)
      return wrong_type("attribute_type", type ? type_name(*type) : kAnyType);
    const std::string& name = operand.value->as_string();
    return type_from_name(name) || refuse("Invalid attribute type name found; type: " + name +
                                          ", valid types: {N,BS,L,B,NULL,M,S,SS,NS,BOOL}");
  }

  ExpressionKind kind_;
  Substitutions* substitutions_;
  std::optional<Error> problem_;
};

// Sections in the order of their first writing; each may stand once.
bool check_sections(const UpdateSyntax& update, Checker* checker) {
  for (size_t section = 0; section < update.sections.size(); ++section) {
    const auto kind = update.sections[section];
    const auto begin = update.sections.begin();
    if (std::find(begin, begin + section, kind) != begin + section) continue;
    for (const UpdateAction& action : update.actions) {
      if (action.kind != kind) continue;
      if (!checker->check_path_words(action.path)) return false;
      for (const Node& operand : action.operand) {
        if (!checker->check_words(operand, Checker::Place::kOperand)) return false;
      }
    }
    if (std::count(begin, update.sections.end(), kind) > 1) {
      return checker->refuse("The \"" + std::string(action_name(kind)) +
                             "\" section can only be used once in an update expression;");
    }
  }
  return true;
}

bool check_update_paths(UpdateSyntax* update, Checker* checker) {
  std::vector<const DocumentPath*> paths;
  for (UpdateAction& action : update->actions) {
    if (!checker->resolve_path(&action.path)) return false;
    paths.push_back(&action.path);
  }
  return checker->check_overlaps(paths);
}

// From the last action to the first: every name, then values and types.
bool check_update_operands(UpdateSyntax* update, Checker* checker) {
  auto& actions = update->actions;
  for (auto action = actions.rbegin(); action != actions.rend(); ++action) {
    for (Node& operand : action->operand) {
      if (!checker->resolve_names(&operand)) return false;
    }
  }
  for (auto action = actions.rbegin(); action != actions.rend(); ++action) {
    if (!checker->check_path_length(action->path)) return false;
    for (Node& operand : action->operand) {
      if (!checker->check_operands(&operand)) return false;
    }
    if (!checker->check_action_value(*action)) return false;
  }
  return true;
}

}  // namespace

Result<> check_condition(Node* root, ExpressionKind kind, Substitutions* substitutions) {
  Checker checker(kind, substitutions);
  if (checker.check_words(*root, Checker::Place::kCondition)) checker.check_operands(root);
  return checker.result();
}

Result<> check_projection(std::vector<DocumentPath>* paths, Substitutions* substitutions) {
  Checker checker(ExpressionKind::kProjection, substitutions);
  std::vector<const DocumentPath*> all;
  for (const DocumentPath& path : *paths) {
    if (!checker.check_path_words(path)) return checker.result();
    all.push_back(&path);
  }
  for (DocumentPath& path : *paths) {
    if (!checker.resolve_path(&path) || !checker.check_path_length(path)) return checker.result();
  }
  checker.check_overlaps(all);
  return checker.result();
}

Result<> check_update(UpdateSyntax* update, Substitutions* substitutions) {
  Checker checker(ExpressionKind::kUpdate, substitutions);
  if (check_sections(*update, &checker) && check_update_paths(update, &checker)) {
    check_update_operands(update, &checker);
  }
  return checker.result();
}

}  // namespace millstream::dynamodb
