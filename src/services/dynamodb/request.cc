#include "services/dynamodb/request.h"

#include <algorithm>

#include "services/dynamodb/api.gen.h"
#include "services/dynamodb/limits.h"
#include "services/dynamodb/service.h"

namespace millstream::dynamodb {
namespace {

constexpr std::string_view kEnvelope = "1 validation error detected: ";

std::string joined(const std::vector<Parameter>& parameters, std::string_view between) {
  std::string text;
  for (const Parameter& parameter : parameters) {
    if (!parameter.given) continue;
    if (!text.empty()) text += between;
    text += parameter.name;
  }
  return text;
}

bool any_given(const std::vector<Parameter>& parameters) {
  return std::any_of(parameters.begin(), parameters.end(), [](const auto& p) { return p.given; });
}

aws::Error defect_error(Wording wording, const Defect& defect) {
  if (wording == Wording::kBatch) return aws::validation_error(defect.batch_message);
  return defect.enveloped ? request_error(wording, defect.message)
                          : aws::validation_error(defect.message);
}

aws::Error name_error(std::string_view name, const std::string& constraint) {
  return aws::validation_error(std::string(kEnvelope) + "Value '" + std::string(name) +
                               "' at 'tableName' failed to satisfy constraint: " + constraint);
}

}  // namespace

aws::Error request_error(Wording wording, std::string message) {
  if (wording == Wording::kWrite) message.insert(0, kEnvelope);
  return aws::validation_error(std::move(message));
}

aws::Error request_error(Wording wording, const Error& finding) {
  if (finding.code != ErrorCode::kInvalidArgument) return finding;
  return request_error(wording, finding.message);
}

aws::Error item_error(const Error& finding) {
  return request_error(Wording::kRead, finding);
}

aws::Result<> check_value(Wording wording, const Value& value) {
  const Defect* defect = find_defect(value);
  if (defect != nullptr) return defect_error(wording, *defect);
  return {};
}

aws::Result<> check_values(Wording wording, const Item& item) {
  const Defect* defect = find_defect(item);
  if (defect != nullptr) return defect_error(wording, *defect);
  return {};
}

aws::Result<> check_expression_values(Wording wording, const std::optional<Item>& values) {
  if (!values) return {};
  if (wording != Wording::kBatch) return check_values(wording, *values);
  for (const auto& [key, value] : *values) {
    const Defect* defect = find_defect(value);
    if (defect == nullptr) continue;
    return aws::validation_error("ExpressionAttributeValues contains invalid value: " +
                                 defect->batch_message + " for key " + key);
  }
  return {};
}

aws::Result<> check_parameters(Wording wording, const std::vector<Parameter>& expressions,
                               const std::vector<Parameter>& legacy, bool names_given,
                               bool values_given) {
  const bool expression_given = any_given(expressions);
  if (expression_given && any_given(legacy)) {
    return request_error(
        wording,
        "Can not use both expression and non-expression parameters in the same request: "
        "Non-expression parameters: {" +
            joined(legacy, ", ") + "} Expression parameters: {" + joined(expressions, ", ") + "}");
  }
  if (names_given && !expression_given) {
    return request_error(wording,
                         "ExpressionAttributeNames can only be specified when using expressions");
  }
  const bool usable = std::any_of(expressions.begin(), expressions.end(), [](const auto& p) {
    return p.given && p.name != "ProjectionExpression";
  });
  if (values_given && !usable) {
    return request_error(wording,
                         "ExpressionAttributeValues can only be specified when using expressions");
  }
  return {};
}

aws::Result<Substitutions> make_substitutions(Wording wording,
                                              const std::optional<AttributeNames>& names,
                                              const std::optional<Item>& values) {
  Substitutions substitutions(names ? &*names : nullptr, values ? &*values : nullptr);
  Result<> keys = substitutions.check_keys();
  if (!keys) return request_error(wording, keys.error());
  aws::Result<> checked = check_expression_values(wording, values);
  if (!checked) return checked.take_error();
  return substitutions;
}

aws::Result<> check_table_name(std::string_view name, size_t length_min) {
  if (name.starts_with("arn:")) return {};
  if (name.size() < length_min) {
    return name_error(
        name, "Member must have length greater than or equal to " + std::to_string(length_min));
  }
  if (name.size() > kTableNameBytesMax) {
    return name_error(name, "Member must have length less than or equal to 255");
  }
  const bool plain = std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '.' || c == '-';
  });
  if (!plain) {
    return name_error(name, "Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+");
  }
  return {};
}

TableAddress table_address(const aws::RequestContext& context, const std::string& name_or_arn) {
  TableAddress address{context.account, context.region, name_or_arn};
  // arn:aws:dynamodb:REGION:ACCOUNT:table/NAME; another account's or region's isn't found here.
  const std::string prefix =
      "arn:aws:dynamodb:" + context.region + ":" + context.account + ":table/";
  if (name_or_arn.starts_with(prefix)) address.name = name_or_arn.substr(prefix.size());
  return address;
}

aws::Error table_not_found() {
  return errors::resource_not_found_exception("Requested resource not found");
}

aws::Result<std::shared_ptr<const Table>> find_table(Service& service,
                                                     const aws::RequestContext& context,
                                                     const std::string& name_or_arn) {
  aws::Result<> name = check_table_name(name_or_arn, 1);
  if (!name) return name.take_error();
  auto table = service.catalogue().find(table_address(context, name_or_arn));
  if (!table) return table_not_found();
  return table;
}

aws::Result<std::shared_ptr<const Table>> find_named_table(Service& service,
                                                           const aws::RequestContext& context,
                                                           const std::string& name_or_arn) {
  aws::Result<> name = check_table_name(name_or_arn, kTableNameBytesMin);
  if (!name) return name.take_error();
  auto table = service.catalogue().find(table_address(context, name_or_arn));
  if (table) return table;
  return errors::resource_not_found_exception(
      "Requested resource not found: Table: " + name_or_arn + " not found");
}

}  // namespace millstream::dynamodb
