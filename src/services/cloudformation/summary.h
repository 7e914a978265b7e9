#pragma once

#include <optional>
#include <string>
#include <vector>

#include "services/cloudformation/plan.h"

namespace millstream::cloudformation {

// The capabilities that a template needs, as ValidateTemplate and GetTemplateSummary tell them.
struct CapabilitySummary {
  std::optional<std::vector<std::string>> capabilities;
  std::optional<std::string> reason;
};

inline CapabilitySummary summarize_capabilities(const Template& parsed, const TypeRegistry& types) {
  const NeededCapability needed = needed_capability(parsed, types);
  if (needed.capability.empty()) return {};
  std::string names;
  for (const std::string& type : needed.types) names += (names.empty() ? "" : ", ") + type;
  return {std::vector<std::string>{needed.capability},
          "The following resource(s) require capabilities: [" + names + "]"};
}

}  // namespace millstream::cloudformation
