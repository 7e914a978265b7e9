#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "aws/gateway.h"
#include "base/random.h"
#include "services/cloudformation/template/value.h"

namespace millstream::cloudformation::testing {

// The services that stacks act on, in memory: streams, tables, log groups, roles, functions and
// mappings that can be made, looked at, changed and deleted. Answers at once, on the caller.
class FakeServices final : public aws::Gateway {
 public:
  io::Task<aws::Result<std::string>> call(const aws::RequestContext& context, std::string service,
                                          std::string operation, std::string json) override;

  // Everything that stands: "kinesis/flights" and what it was made with.
  std::map<std::string, Value> standing;
  // Every call, as "kinesis CreateStream".
  std::vector<std::string> calls;
  // The next call of that operation fails with this.
  std::map<std::string, aws::Error> failures;
  // Told of every call before it is answered.
  std::function<void(const std::string& call)> on_call;
  // How often each operation changed something by making a resource.
  [[nodiscard]] size_t count(const std::string& call) const;

 private:
  aws::Result<Value> answer(const std::string& service, const std::string& operation,
                            const Value& input);
  aws::Result<Value> answer_named(const std::string& operation, const std::string& kind,
                                  const std::string& name, const Value& input);
  aws::Result<Value> answer_mapping(const std::string& operation, const Value& input);
  aws::Result<Value> describe_groups(const Value& input) const;

  int next_mapping_ = 1;
};

}  // namespace millstream::cloudformation::testing
