#pragma once

#include "base/result.h"
#include "services/cloudformation/template/template.h"

namespace millstream::cloudformation {

// Takes a document (a map) apart into a template's sections and checks each section's form; what
// the names in it refer to isn't looked at. Failures as parse_template's.
Result<Template> read_sections(const Value& document);

// The Parameters section alone (parameter_section.cc).
Result<std::vector<ParameterDeclaration>> read_parameters(const Value& section);

}  // namespace millstream::cloudformation
