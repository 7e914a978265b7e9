#include "services/cloudformation/template/yaml.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <sstream>

#include "base/utf8.h"
#include "services/cloudformation/template/limits.h"

namespace millstream::cloudformation {
namespace {

// Thrown through yaml-cpp by the handler and caught in parse_yaml; never leaves this file.
struct Refusal {
  std::string message;
};

Error not_well_formed(const YAML::Mark& mark) {
  return Error{ErrorCode::kInvalidArgument, "Template format error: YAML not well-formed. (line " +
                                                std::to_string(mark.line + 1) + ", column " +
                                                std::to_string(mark.column + 1) + ")"};
}

bool is_json_number(std::string_view text) {
  size_t at = 0;
  const auto digits = [&text, &at] {
    const size_t start = at;
    while (at < text.size() && std::isdigit(static_cast<unsigned char>(text[at]))) ++at;
    return at - start;
  };
  if (at < text.size() && text[at] == '-') ++at;
  const bool leading_zero = at < text.size() && text[at] == '0';
  const size_t whole = digits();
  if (whole == 0 || (leading_zero && whole > 1)) return false;
  if (at < text.size() && text[at] == '.') {
    ++at;
    if (digits() == 0) return false;
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
    if (digits() == 0) return false;
  }
  return at == text.size();
}

Value plain_scalar(const std::string& text) {
  if (text == "true" || text == "True" || text == "TRUE") return Value::boolean(true);
  if (text == "false" || text == "False" || text == "FALSE") return Value::boolean(false);
  if (is_json_number(text)) return Value::number(text);
  return Value(text);
}

// The functions that have a short form; the tag is "!" and the name without "Fn::".
constexpr std::array<std::string_view, 20> kShortForms = {
    "Ref",    "Condition", "Sub",    "GetAtt",      "Join",         "Select",   "Split",
    "If",     "Equals",    "And",    "Or",          "Not",          "Base64",   "FindInMap",
    "GetAZs", "Cidr",      "Length", "ImportValue", "ToJsonString", "Transform"};

bool is_short_form(std::string_view tag) {
  return tag.size() > 1 && tag[0] == '!' &&
         std::find(kShortForms.begin(), kShortForms.end(), tag.substr(1)) != kShortForms.end();
}

// `A.B.C` names attribute B.C of resource A.
Value split_attribute(Value argument) {
  if (!argument.is_string()) return argument;
  const std::string& text = argument.as_string();
  const size_t dot = text.find('.');
  if (dot == text.npos) return argument;
  return Value(Value::List{Value(text.substr(0, dot)), Value(text.substr(dot + 1))});
}

Value long_form(std::string_view tag, Value argument) {
  const std::string_view name = tag.substr(1);
  const bool bare = name == "Ref" || name == "Condition";
  if (name == "GetAtt") argument = split_attribute(std::move(argument));
  Value function = Value::map();
  function.set(bare ? std::string(name) : "Fn::" + std::string(name), std::move(argument));
  return function;
}

class Builder final : public YAML::EventHandler {
 public:
  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t) override { add(mark, Value(), {}); }
  void OnAlias(const YAML::Mark&, YAML::anchor_t) override {
    throw Refusal{"Template error: YAML aliases are not allowed in CloudFormation templates"};
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                const std::string& text) override {
    const bool plain = tag == "?" || tag.empty();
    check_tag(mark, tag);
    if (expects_key()) {
      set_key(mark, tag, text);
    } else {
      add(mark, plain ? plain_scalar(text) : Value(text), tag);
    }
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                       YAML::EmitterStyle::value) override {
    open(mark, tag, Value::list());
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                  YAML::EmitterStyle::value) override {
    open(mark, tag, Value::map());
  }
  void OnMapEnd() override { close(); }

  Value root;

 private:
  struct Open {
    YAML::Mark mark;
    Value value;
    std::string tag;
    std::string key;
    bool has_key = false;  // a member's name was read, its value comes next
  };

  [[nodiscard]] bool expects_key() const {
    return !open_.empty() && open_.back().value.is_map() && !open_.back().has_key;
  }
  void set_key(const YAML::Mark& mark, const std::string& tag, const std::string& text) {
    if (is_short_form(tag)) throw YAML::ParserException(mark, "a function as a key");
    if (text == "<<" && tag == "?") {
      throw Refusal{"Template error: YAML merge keys are not allowed in CloudFormation templates"};
    }
    if (open_.back().value.find(text)) throw YAML::ParserException(mark, "a key twice");
    open_.back().key = text;
    open_.back().has_key = true;
  }
  static void check_tag(const YAML::Mark& mark, const std::string& tag) {
    static constexpr std::array<std::string_view, 8> kPlain = {"",
                                                               "?",
                                                               "!",
                                                               "tag:yaml.org,2002:str",
                                                               "tag:yaml.org,2002:int",
                                                               "tag:yaml.org,2002:map",
                                                               "tag:yaml.org,2002:seq",
                                                               "tag:yaml.org,2002:bool"};
    if (is_short_form(tag) || std::find(kPlain.begin(), kPlain.end(), tag) != kPlain.end()) return;
    throw YAML::ParserException(mark, "an unknown tag");
  }

  void open(const YAML::Mark& mark, const std::string& tag, Value container) {
    check_tag(mark, tag);
    if (open_.size() >= kDocumentDepthMax || expects_key()) {
      throw YAML::ParserException(mark, "too deep, or a key that is no scalar");
    }
    open_.push_back(Open{mark, std::move(container), tag, {}, false});
  }
  void close() {
    Open done = std::move(open_.back());
    open_.pop_back();
    add(done.mark, std::move(done.value), done.tag);
  }
  void add(const YAML::Mark& mark, Value value, const std::string& tag) {
    if (expects_key()) throw YAML::ParserException(mark, "a key that is no scalar");
    if (is_short_form(tag)) value = long_form(tag, std::move(value));
    if (open_.empty()) {
      root = std::move(value);
    } else if (open_.back().value.is_list()) {
      open_.back().value.as_list().push_back(std::move(value));
    } else {
      open_.back().value.as_map().push_back({std::move(open_.back().key), std::move(value)});
      open_.back().has_key = false;
    }
  }

  std::vector<Open> open_;
};

}  // namespace

Result<Value> parse_yaml(std::string_view text) {
  if (!is_utf8(text)) return not_well_formed(YAML::Mark());
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    Builder builder;
    if (!parser.HandleNextDocument(builder)) return Value();
    Builder second;
    if (parser.HandleNextDocument(second)) return not_well_formed(YAML::Mark());
    return std::move(builder.root);
  } catch (const Refusal& refusal) {
    return Error{ErrorCode::kInvalidArgument, refusal.message};
  } catch (const YAML::Exception& exception) {
    return not_well_formed(exception.mark);
  }
}

}  // namespace millstream::cloudformation
