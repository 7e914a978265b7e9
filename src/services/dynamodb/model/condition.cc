#include "services/dynamodb/model/condition.h"

#include <algorithm>

#include "services/dynamodb/model/check.h"

namespace millstream::dynamodb {
namespace {

using Kind = Node::Kind;

// Strings are measured as AWS's Java does, in UTF-16 units.
size_t utf16_length(std::string_view text) {
  size_t units = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xc0) != 0x80) units += byte >= 0xf0 ? 2 : 1;
  }
  return units;
}

std::optional<size_t> size_of(const Value& value) {
  switch (value.type()) {
    case ValueType::kS:
      return utf16_length(value.as_string());
    case ValueType::kB:
      return value.as_binary().size();
    case ValueType::kSS:
      return value.as_string_set().size();
    case ValueType::kNS:
      return value.as_number_set().size();
    case ValueType::kBS:
      return value.as_binary_set().size();
    case ValueType::kL:
      return value.as_list().size();
    case ValueType::kM:
      return value.as_map().size();
    default:
      return std::nullopt;
  }
}

// An operand's value in one item. Borrowed from the item or the request, or made on the spot.
class Operand {
 public:
  Operand(const Node& node, const Item& item) {
    const Node& operand = inside(node);
    if (operand.kind == Kind::kPath) {
      value_ = find_value(item, operand.path);
    } else if (operand.kind == Kind::kValue) {
      value_ = operand.value;
    } else if (operand.kind == Kind::kCall) {
      const Operand measured(operand.children.front(), item);
      const auto size = measured ? size_of(*measured) : std::nullopt;
      if (!size) return;
      made_ = Value::number(Number(static_cast<int64_t>(*size)));
      value_ = &made_;
    }
  }
  Operand(const Operand&) = delete;
  Operand& operator=(const Operand&) = delete;

  explicit operator bool() const { return value_ != nullptr; }
  const Value& operator*() const { return *value_; }
  const Value* operator->() const { return value_; }

 private:
  const Value* value_ = nullptr;
  Value made_;
};

bool compare(const std::string& comparator, const Operand& left, const Operand& right) {
  const bool equal = left && right && *left == *right;
  if (comparator == "=") return equal;
  if (comparator == "<>") return !equal;
  if (!left || !right) return false;
  const auto order = compare_scalars(*left, *right);
  if (!order) return false;
  if (comparator == "<") return *order < 0;
  if (comparator == "<=") return *order <= 0;
  return comparator == ">" ? *order > 0 : *order >= 0;
}

bool begins_with(const Value& whole, const Value& prefix) {
  if (whole.type() != prefix.type()) return false;
  if (whole.type() == ValueType::kS) return whole.as_string().starts_with(prefix.as_string());
  return whole.type() == ValueType::kB && whole.as_binary().starts_with(prefix.as_binary());
}

template <class Set, class Element>
bool has(const Set& set, const Element& element) {
  return std::binary_search(set.begin(), set.end(), element);
}

bool contains(const Value& whole, const Value& part) {
  const ValueType type = part.type();
  switch (whole.type()) {
    case ValueType::kS:
      return type == ValueType::kS && whole.as_string().find(part.as_string()) != std::string::npos;
    case ValueType::kB:
      return type == ValueType::kB && whole.as_binary().find(part.as_binary()) != std::string::npos;
    case ValueType::kSS:
      return type == ValueType::kS && has(whole.as_string_set(), part.as_string());
    case ValueType::kNS:
      return type == ValueType::kN && has(whole.as_number_set(), part.as_number());
    case ValueType::kBS:
      return type == ValueType::kB && has(whole.as_binary_set(), Binary{part.as_binary()});
    case ValueType::kL:
      return std::find(whole.as_list().begin(), whole.as_list().end(), part) !=
             whole.as_list().end();
    default:
      return false;
  }
}

bool call_holds(const Node& call, const Item& item) {
  const Operand first(call.children.front(), item);
  if (call.text == "attribute_exists") return static_cast<bool>(first);
  if (call.text == "attribute_not_exists") return !first;
  const Operand second(call.children[1], item);
  if (!first || !second) return false;
  if (call.text == "begins_with") return begins_with(*first, *second);
  if (call.text == "contains") return contains(*first, *second);
  return type_name(first->type()) == second->as_string();  // attribute_type
}

bool between_holds(const Node& node, const Item& item) {
  const Operand value(node.children[0], item);
  const Operand low(node.children[1], item);
  const Operand high(node.children[2], item);
  return compare(">=", value, low) && compare("<=", value, high);
}

bool in_holds(const Node& node, const Item& item) {
  const Operand value(node.children.front(), item);
  if (!value) return false;
  return std::any_of(node.children.begin() + 1, node.children.end(), [&](const Node& child) {
    const Operand candidate(child, item);
    return candidate && *candidate == *value;
  });
}

// Recursion is bounded by the parser (syntax.h).
bool node_holds(const Node& node, const Item& item) {
  const auto holds = [&](const Node& child) { return node_holds(child, item); };
  switch (node.kind) {
    case Kind::kAnd:
      return std::all_of(node.children.begin(), node.children.end(), holds);
    case Kind::kOr:
      return std::any_of(node.children.begin(), node.children.end(), holds);
    case Kind::kNot:
      return !holds(node.children.front());
    case Kind::kParentheses:
      return holds(node.children.front());
    case Kind::kCompare:
      return compare(node.text, Operand(node.children[0], item), Operand(node.children[1], item));
    case Kind::kBetween:
      return between_holds(node, item);
    case Kind::kIn:
      return in_holds(node, item);
    case Kind::kCall:
      return call_holds(node, item);
    case Kind::kPath:
    case Kind::kValue:
    case Kind::kArithmetic:
      break;
  }
  return false;
}

}  // namespace

Result<Condition> Condition::parse(std::string_view text, ExpressionKind kind,
                                   Substitutions* substitutions) {
  Result<Node> root = parse_condition_syntax(text, kind);
  if (!root) return root.take_error();
  Result<> checked = check_condition(&*root, kind, substitutions);
  if (!checked) return checked.take_error();
  return Condition(root.take());
}

bool Condition::holds(const Item& item) const {
  return node_holds(root_, item);
}

void collect_paths(const Node& node, std::vector<const DocumentPath*>* paths) {
  if (node.kind == Kind::kPath) paths->push_back(&node.path);
  for (const Node& child : node.children) collect_paths(child, paths);
}

}  // namespace millstream::dynamodb
