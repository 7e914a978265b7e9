#include "services/lambda/unsupported.h"

#include <optional>
#include <string>

namespace millstream::lambda {
namespace {

template <class List>
bool is_empty(const std::optional<List>& list) {
  return !list || list->empty();
}

aws::Result<> refuse(const char* parameter) {
  return aws::unsupported_parameter(parameter, "it isn't built yet");
}

// What both requests have, by the same names.
template <class Input>
aws::Result<> refuse_common(const Input& input) {
  if (input.vpc_config &&
      !(is_empty(input.vpc_config->subnet_ids) && is_empty(input.vpc_config->security_group_ids))) {
    return refuse("VpcConfig");
  }
  if (input.dead_letter_config && !is_empty(input.dead_letter_config->target_arn)) {
    return refuse("DeadLetterConfig");
  }
  if (!is_empty(input.kms_key_arn)) return refuse("KMSKeyArn");
  if (input.tracing_config && input.tracing_config->mode.value_or("PassThrough") != "PassThrough") {
    return refuse("TracingConfig");
  }
  if (!is_empty(input.layers)) return refuse("Layers");
  if (!is_empty(input.file_system_configs)) return refuse("FileSystemConfigs");
  if (input.image_config) return refuse("ImageConfig");
  if (input.snap_start && input.snap_start->apply_on.value_or("None") != "None") {
    return refuse("SnapStart");
  }
  if (input.logging_config) {
    const auto& logging = *input.logging_config;
    if (logging.log_format.value_or("Text") != "Text" || logging.log_group ||
        logging.application_log_level || logging.system_log_level) {
      return refuse("LoggingConfig");
    }
  }
  if (input.capacity_provider_config) return refuse("CapacityProviderConfig");
  if (input.durable_config) return refuse("DurableConfig");
  if (input.runtime_config) return refuse("RuntimeConfig");
  if (input.accelerator_config) return refuse("AcceleratorConfig");
  return {};
}

template <class Code>
aws::Result<> refuse_code(const Code& code) {
  if (!is_empty(code.s3_bucket) || !is_empty(code.s3_key) || code.s3_object_version ||
      code.s3_object_storage_mode) {
    return refuse("S3Bucket");
  }
  if (!is_empty(code.image_uri)) return refuse("ImageUri");
  if (!is_empty(code.source_kms_key_arn)) return refuse("SourceKMSKeyArn");
  return {};
}

}  // namespace

aws::Result<> refuse_unsupported(const api::CreateFunctionRequest& input) {
  if (input.publish.value_or(false)) return refuse("Publish");
  if (input.publish_to) return refuse("PublishTo");
  if (input.package_type.value_or("Zip") != "Zip") return refuse("PackageType");
  if (!is_empty(input.code_signing_config_arn)) return refuse("CodeSigningConfigArn");
  if (input.tenancy_config) return refuse("TenancyConfig");
  if (auto refused = refuse_code(input.code); !refused) return refused;
  return refuse_common(input);
}

aws::Result<> refuse_unsupported(const api::UpdateFunctionConfigurationRequest& input) {
  return refuse_common(input);
}

aws::Result<> refuse_unsupported(const api::UpdateFunctionCodeRequest& input) {
  if (input.publish.value_or(false)) return refuse("Publish");
  if (input.publish_to) return refuse("PublishTo");
  return refuse_code(input);
}

}  // namespace millstream::lambda
