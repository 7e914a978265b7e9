#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "aws/error.h"
#include "aws/request_context.h"
#include "io/task.h"

namespace millstream::aws {

class EventSource;
namespace model {
struct Type;
}

// How requests and answers are written. A service's own protocol is one of the first three; those
// of a JSON service may come as CBOR, too.
enum class Protocol : uint8_t {
  kJson,       // named by x-amz-target
  kQuery,      // a form, answered with XML
  kRestJson,   // named by method and path
  kCbor,       // as kJson, but application/x-amz-cbor-1.x (what the Java SDKs send to Kinesis)
  kRpcV2Cbor,  // Smithy's RPC v2, named by the path, with application/cbor
};

// Carries one operation's input from the wire and its output back, for whatever type the operation
// has: the protocols implement it, the generated thunks call it.
class Exchange {
 public:
  virtual ~Exchange() = default;
  // Reads and validates the input into `input`, a default-made object of the operation's input
  // type. After a failure the object holds part of it.
  virtual Result<> read(void* input) = 0;
  // `output` is of the operation's output type.
  virtual void write(const void* output) = 0;
};

// Reads the input, runs the operation, writes its output. `exchange` outlives the task.
using Invoke = io::Task<Result<>> (*)(void* service, const RequestContext& context,
                                      Exchange& exchange);
// A hand-tuned way past the generated codecs, for hot JSON operations: gets the request's body (at
// least 64 readable bytes follow it, as simdjson wants) and gives the answer's. It knows the usual
// form of a request that is right; of every other it says so by giving nothing, before it did
// anything, and the generated way takes the request. See docs/decisions/generated-api.md.
using RawInvoke = io::Task<Result<std::optional<std::string>>> (*)(void* service,
                                                                   const RequestContext& context,
                                                                   std::string_view body);

// The same for an operation that answers with an event stream: `exchange` gets what goes ahead of
// it.
using InvokeStream = io::Task<Result<std::unique_ptr<EventSource>>> (*)(
    void* service, const RequestContext& context, Exchange& exchange);
struct EventStreamRow {
  InvokeStream invoke;
  const model::Type* type;                       // a structure with a member for each kind of event
  std::span<const std::string_view> exceptions;  // the codes that the stream may end with
};

// One operation of a service's model.
struct OperationRow {
  std::string_view name;        // "PutRecord"
  std::string_view iam_action;  // "kinesis:PutRecord"
  std::string_view method;      // "POST"
  std::string_view route;       // "/2015-03-31/functions/{FunctionName}"; "/" outside REST
  uint16_t success_status;      // 200 unless the model says otherwise
  const model::Type* input;     // nullptr: the operation has none, or isn't implemented
  const model::Type* output;
  std::string_view output_wrapper;  // Query: the element around the output, "CreateStackResult"
  Invoke invoke;                    // nullptr: not implemented, or by `events`
  RawInvoke raw;                    // nullptr: no hand-tuned entry
  // What a client is told that should come back later, in the operation's own words where it has
  // any: "ProvisionedThroughputExceededException", 400.
  std::string_view overload_code;
  uint16_t overload_status;
  const EventStreamRow* events;  // nullptr: its answer is an output and nothing more

  [[nodiscard]] bool implemented() const { return invoke || events; }
};

// How a service writes its errors, where services differ (src/services/<name>/api_overrides.json).
struct ErrorStyle {
  std::string_view type_prefix;        // before a modelled exception's name in `__type`
  std::string_view validation_prefix;  // before ValidationException made by the codec
  std::string_view common_prefix;      // before errors that every service has
  std::string_view validation_code;    // "ValidationException", Query: "ValidationError"
  bool java_type_names = false;        // JSON of the wrong kind is named as Java does
};

// How a service words validation errors, where services differ.
struct ValidationStyle {
  bool lower_camel_paths = true;  // 'streamName'; false: 'StreamName'
  bool show_value = true;         // "Value 'x' at"; false: "Value at"
};

// What the generator knows of a service, implemented or not.
struct ServiceModel {
  std::string_view name;          // botocore's folder: "kinesis"
  std::string_view signing_name;  // in the credential scope
  std::string_view title;         // "Amazon Kinesis"
  Protocol protocol;
  std::string_view json_version;   // "1.1"
  std::string_view target_prefix;  // "Kinesis_20131202"
  std::string_view api_version;    // "2013-12-02"
  std::string_view xml_namespace;
  ErrorStyle errors;
  ValidationStyle validation;
  bool crc32_header;                         // answers carry x-amz-crc32
  bool extended_request_id;                  // answers carry x-amz-id-2
  bool rpc_v2_cbor;                          // the model lists this protocol, too
  std::span<const OperationRow> operations;  // sorted by name
};

// A running service: its model and the object that its operations get. A value; both outlive it.
struct ServiceTable {
  const ServiceModel* model = nullptr;
  void* service = nullptr;
};

}  // namespace millstream::aws
