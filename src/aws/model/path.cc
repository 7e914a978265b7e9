#include "aws/model/path.h"

#include <algorithm>

namespace millstream::aws::model {

std::string Path::text(bool lower_camel) const {
  std::string out = parent ? parent->text(lower_camel) : std::string();
  if (!out.empty()) out += '.';
  if (step == Step::kElement) return out.append(std::to_string(index + 1)).append(".member");
  const size_t begin = out.size();
  out.append(name);
  if (step == Step::kValue) return out.append(".member");
  if (lower_camel && out.size() > begin && out[begin] >= 'A' && out[begin] <= 'Z') {
    out[begin] = static_cast<char>(out[begin] - 'A' + 'a');
  }
  return out;
}

bool MissingMembers::contains(const Path& path) const {
  return !paths_.empty() &&
         std::find(paths_.begin(), paths_.end(), path.text(false)) != paths_.end();
}

}  // namespace millstream::aws::model
