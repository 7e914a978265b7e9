#include "services/dynamodb/model/reserved_words.h"

#include <algorithm>
#include <iterator>

namespace millstream::dynamodb {
namespace {

constexpr std::string_view kReservedWords[] = {
#include "services/dynamodb/model/reserved_words_table.inc"
};
static_assert(std::size(kReservedWords) == 573);
static_assert(std::is_sorted(std::begin(kReservedWords), std::end(kReservedWords)));

constexpr size_t kLongest = 24;

}  // namespace

bool is_reserved_word(std::string_view name) {
  if (name.size() > kLongest) return false;
  char upper[kLongest];
  std::transform(name.begin(), name.end(), upper, [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  return std::binary_search(std::begin(kReservedWords), std::end(kReservedWords),
                            std::string_view(upper, name.size()));
}

}  // namespace millstream::dynamodb
