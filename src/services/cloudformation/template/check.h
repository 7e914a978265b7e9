#pragma once

#include "base/result.h"
#include "services/cloudformation/template/template.h"

namespace millstream::cloudformation {

// Checks what a template's names refer to: parameters, resources, conditions and mappings that
// exist, conditions that use no resource, and no circle among conditions or resources. The texts
// are CloudFormation's.
Result<> check_template(const Template& parsed);

}  // namespace millstream::cloudformation
