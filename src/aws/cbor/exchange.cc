#include "aws/cbor/exchange.h"

#include "aws/cbor/writer.h"
#include "aws/model/validate.h"

namespace millstream::aws {

Result<> CborExchange::read(void* input) {
  if (!row_.input) return {};
  model::MissingMembers missing;
  Result<> read =
      read_cbor_object(body_, *row_.input, {model_.errors.java_type_names, time_}, input, &missing);
  if (!read) return read;
  return model::validate(*row_.input, input, missing, model_.validation);
}

void CborExchange::write(const void* output) {
  if (row_.output) append_cbor_object(*row_.output, output, time_, &output_);
}

}  // namespace millstream::aws
