#include "base/base64.h"
#include "base/json_text.h"
#include "services/dynamodb/model/stored_walk.h"
#include "services/dynamodb/value_json.h"

namespace millstream::dynamodb {
namespace {

class JsonVisitor {
 public:
  explicit JsonVisitor(std::string* out) : out_(out) {}

  void entries(size_t, int) { out_->push_back('{'); }
  void name(size_t index, std::string_view name) {
    element(index);
    append_json_string(name, out_);
    out_->push_back(':');
  }
  void end_entries() { out_->push_back('}'); }
  void open(ValueType type) { out_->append("{\"").append(type_name(type)).append("\":"); }
  void close() { out_->push_back('}'); }
  void elements(size_t) { out_->push_back('['); }
  void element(size_t index) {
    if (index > 0) out_->push_back(',');
  }
  void end_elements() { out_->push_back(']'); }
  void string(std::string_view text) { append_json_string(text, out_); }
  void number(const Number& number) {
    out_->push_back('"');
    number.append_text(out_);
    out_->push_back('"');
  }
  void binary(std::string_view bytes) {
    out_->push_back('"');
    base64_append(bytes, out_);
    out_->push_back('"');
  }
  void null() { out_->append("true"); }
  void boolean(bool flag) { out_->append(flag ? "true" : "false"); }

 private:
  std::string* const out_;
};

}  // namespace

Result<> write_stored_json(std::string_view stored, std::string* out) {
  JsonVisitor visitor(out);
  if (!walk_stored_item(stored, visitor)) return damaged_item();
  return {};
}

}  // namespace millstream::dynamodb
