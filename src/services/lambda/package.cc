#include "services/lambda/package.h"

#include <fmt/format.h>

#include <utility>

#include "base/base64.h"
#include "base/digest.h"
#include "services/functions/code/zip.h"
#include "services/lambda/api.gen.h"
#include "services/lambda/service.h"

namespace millstream::lambda {
namespace {

aws::Error package_error(Error error) {
  switch (error.code) {
    case ErrorCode::kInvalidArgument:
      return errors::invalid_parameter_value_exception(
          "Could not unzip uploaded file. Please check your file, then try to upload again.");
    case ErrorCode::kNoSpace:
      return errors::invalid_parameter_value_exception(
          fmt::format("Unzipped size must be smaller than {} bytes", functions::kUnzippedBytesMax));
    default:
      return aws::Error(std::move(error));
  }
}

}  // namespace

void measure_package(const std::string& zip, functions::Function* function) {
  function->code_bytes = static_cast<int64_t>(zip.size());
  function->code_sha256 = base64_encode(digest_view(sha256(zip)));
}

io::Task<aws::Result<>> add_package(Service& service, const aws::RequestContext& context,
                                    std::string operation, std::string zip,
                                    functions::Function* function) {
  if (zip.empty()) {
    co_return errors::invalid_parameter_value_exception("Uploaded file must be a non-empty zip");
  }
  if (zip.size() > functions::kZipBytesMax) {
    co_return aws::Error("RequestEntityTooLargeException", 413,
                         fmt::format("Request must be smaller than {} bytes for the {} operation",
                                     base64_encoded_size(functions::kZipBytesMax), operation));
  }
  measure_package(zip, function);
  auto added =
      co_await service.functions().code().add(context.home, function->address(), std::move(zip));
  if (!added) co_return package_error(added.take_error());
  function->run.code_id = added.take();
  co_return aws::Result<>();
}

io::Task<> drop_package(Service& service, const aws::RequestContext& context,
                        functions::Function function) {
  const functions::FunctionAddress address = function.address();
  auto body = [&](lanes::Transaction& transaction) {
    return functions::CodeStore::erase(transaction, address, function.run.code_id);
  };
  // What stays is found and erased at the next start.
  Result<> ignored = co_await service.lanes().run(context.home, service.lane_of(address), body);
  (void)ignored;
}

}  // namespace millstream::lambda
