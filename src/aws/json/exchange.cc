#include "aws/json/exchange.h"

#include "aws/json/writer.h"
#include "aws/model/validate.h"

namespace millstream::aws {

Result<> JsonExchange::read(void* input) {
  if (!row_.input) return {};
  model::MissingMembers missing;
  Result<> read = read_json_object(body_, *row_.input,
                                   {model_.errors.java_type_names, model_names_}, input, &missing);
  if (!read) return read;
  return model::validate(*row_.input, input, missing, model_.validation);
}

void JsonExchange::write(const void* output) {
  if (row_.output) append_json_object(*row_.output, output, {model_names_}, &output_);
}

io::Task<Result<std::string>> run_json_operation(const ServiceTable& table, const OperationRow& row,
                                                 const RequestContext& context,
                                                 std::string_view body, bool model_names) {
  if (row.raw) {
    Result<std::optional<std::string>> output = co_await row.raw(table.service, context, body);
    if (!output) co_return output.take_error();
    if (*output) co_return std::move(**output);
  }
  JsonExchange exchange(*table.model, row, body, model_names);
  Result<> done = co_await row.invoke(table.service, context, exchange);
  if (!done) co_return done.take_error();
  co_return exchange.take_output();
}

std::string_view padded_json(const std::string& text, std::string* storage) {
  if (text.capacity() - text.size() >= kJsonPadding) return text;
  storage->reserve(text.size() + kJsonPadding);
  storage->assign(text);
  return *storage;
}

}  // namespace millstream::aws
