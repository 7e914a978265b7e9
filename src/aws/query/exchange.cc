#include "aws/query/exchange.h"

#include "aws/model/validate.h"
#include "aws/query/reader.h"
#include "aws/query/xml_writer.h"

namespace millstream::aws {

Result<> QueryExchange::read(void* input) {
  if (!row_.input) return {};
  model::MissingMembers missing;
  Result<> read = read_query(parameters_, *row_.input, input, &missing);
  if (!read) return read;
  return model::validate(*row_.input, input, missing, model_.validation);
}

void QueryExchange::write(const void* output) {
  const std::string response = std::string(row_.name) + "Response";
  output_ = "<" + response + " xmlns=\"";
  output_.append(model_.xml_namespace).append("\">");
  if (!row_.output_wrapper.empty()) output_.append("<").append(row_.output_wrapper).append(">");
  if (row_.output) append_xml_members(*row_.output, output, &output_);
  if (!row_.output_wrapper.empty()) output_.append("</").append(row_.output_wrapper).append(">");
  output_ += "<ResponseMetadata>";
  append_xml_element("RequestId", request_id_, &output_);
  output_ += "</ResponseMetadata></" + response + ">\n";
}

}  // namespace millstream::aws
