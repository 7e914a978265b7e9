#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "signer.h"

namespace millstream::bench {

// What is measured: requests that are made beforehand, each with data of its own, and how to see
// that an answer is what it should be.
struct Workload {
  std::string name;
  std::vector<std::string> requests;  // whole HTTP requests, signed
  size_t records_per_request = 1;
  std::string expected;  // every good answer's body contains it
};

// put_record, put_records, put_item, get_item; nothing for another name. The stream "bench" and the
// table "bench" (hash key "id", a string) exist; get_item reads what put_item's requests write.
std::optional<Workload> make_workload(std::string_view name, const Credentials& credentials,
                                      std::string_view host);

}  // namespace millstream::bench
