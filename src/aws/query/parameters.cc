#include "aws/query/parameters.h"

#include <algorithm>
#include <charconv>

namespace millstream::aws {

Result<ParameterTree> ParameterTree::build(const FormFields& fields) {
  ParameterTree root;
  for (const auto& [name, value] : fields) {
    if (std::count(name.begin(), name.end(), '.') >= static_cast<ptrdiff_t>(kDepthMax)) {
      return Error("MalformedQueryString", 400, "A parameter's name has too many parts.");
    }
    ParameterTree* node = &root;
    std::string_view rest = name;
    while (true) {
      const size_t dot = rest.find('.');
      std::unique_ptr<ParameterTree>& child = node->children_[std::string(rest.substr(0, dot))];
      if (!child) child = std::make_unique<ParameterTree>();
      node = child.get();
      if (dot == rest.npos) break;
      rest.remove_prefix(dot + 1);
    }
    node->value_ = value;
  }
  return root;
}

const ParameterTree* ParameterTree::find(std::string_view name) const {
  const auto found = children_.find(name);
  return found == children_.end() ? nullptr : found->second.get();
}

std::map<uint32_t, const ParameterTree*> ParameterTree::numbered() const {
  std::map<uint32_t, const ParameterTree*> elements;
  for (const auto& [name, child] : children_) {
    uint32_t number = 0;
    const char* end = name.data() + name.size();
    const auto parsed = std::from_chars(name.data(), end, number);
    if (parsed.ec == std::errc() && parsed.ptr == end) elements.emplace(number, child.get());
  }
  return elements;
}

}  // namespace millstream::aws
