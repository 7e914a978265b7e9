#include "services/dynamodb/model/stored_item.h"

#include "services/dynamodb/model/item_size.h"
#include "services/dynamodb/model/stored_walk.h"

namespace millstream::dynamodb {
namespace {

class SizeVisitor {
 public:
  void entries(size_t count, int level) {
    if (level > 0) size_ += kElementOverhead * count;
  }
  void name(size_t, std::string_view name) { size_ += name.size(); }
  void end_entries() {}
  void open(ValueType type) {
    const bool is_list = type == ValueType::kL;
    in_list_ = is_list;
    if (is_list || type == ValueType::kM) size_ += kDocumentOverhead;
  }
  void close() {}
  void elements(size_t count) {
    if (in_list_) size_ += kElementOverhead * count;
  }
  void element(size_t) {}
  void end_elements() {}
  void string(std::string_view text) { size_ += text.size(); }
  void number(const Number& number) { size_ += number.size(); }
  void binary(std::string_view bytes) { size_ += bytes.size(); }
  void null() { ++size_; }
  void boolean(bool) { ++size_; }

  [[nodiscard]] size_t size() const { return size_; }

 private:
  size_t size_ = 0;
  bool in_list_ = false;  // what was opened last is a list, and no set
};

}  // namespace

Result<size_t> stored_item_size(std::string_view item) {
  SizeVisitor visitor;
  if (!walk_stored_item(item, visitor)) return damaged_item();
  return visitor.size();
}

}  // namespace millstream::dynamodb
