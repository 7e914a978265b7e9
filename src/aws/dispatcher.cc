#include "aws/dispatcher.h"

#include <optional>
#include <string>
#include <utility>

#include "aws/cbor/exchange.h"
#include "aws/content_encoding.h"
#include "aws/error_response.h"
#include "aws/event_stream/body.h"
#include "aws/json/exchange.h"
#include "aws/query/exchange.h"
#include "aws/rest/exchange.h"

namespace millstream::aws {

namespace {

constexpr std::string_view kTargetHeader = "x-amz-target";
constexpr std::string_view kForm = "application/x-www-form-urlencoded";
constexpr std::string_view kCbor = "application/x-amz-cbor-1.";
constexpr std::string_view kRpcV2Cbor = "rpc-v2-cbor";

std::string_view path_of(const http::Request& request) {
  const std::string_view target = request.target;
  return target.substr(0, target.find('?'));
}

std::string_view query_of(const http::Request& request) {
  const std::string_view target = request.target;
  const size_t question = target.find('?');
  return question == target.npos ? std::string_view() : target.substr(question + 1);
}

Protocol protocol_of(const http::Request& request) {
  const std::string_view content_type = request.headers.get("content-type");
  if (request.headers.find(kTargetHeader)) {
    return content_type.starts_with(kCbor) ? Protocol::kCbor : Protocol::kJson;
  }
  if (request.headers.get("smithy-protocol") == kRpcV2Cbor) return Protocol::kRpcV2Cbor;
  if (content_type.starts_with(kForm)) return Protocol::kQuery;
  const std::string_view query = query_of(request);
  const bool action = query.starts_with("Action=") || query.find("&Action=") != query.npos;
  return action ? Protocol::kQuery : Protocol::kRestJson;
}

CborTime cbor_time(Protocol protocol) {
  return protocol == Protocol::kRpcV2Cbor ? CborTime::kSeconds : CborTime::kMilliseconds;
}

Error unknown_operation(int http_status, std::string message = "") {
  return {"UnknownOperationException", http_status, std::move(message)};
}

}  // namespace

// One request on its way through: what is known of it so far.
struct Dispatcher::Call {
  Call(io::Executor& home, const http::Request& request)
      : request(request), protocol(protocol_of(request)), context{home} {}

  const http::Request& request;
  const Protocol protocol;
  RequestContext context;
  std::string service;  // from the credential scope
  const ServiceTable* table = nullptr;
  const OperationRow* row = nullptr;
  RouteLabels labels;        // REST
  FormFields fields;         // of the URL's query, and of a Query request's body
  std::string decoded_body;  // when it came compressed
  std::string padded_body;   // when it came without room behind it
  bool compressed = false;
  int64_t started_us = 0;

  void act_for(Identity identity);
  [[nodiscard]] const ServiceModel* model() const { return table ? table->model : nullptr; }
  [[nodiscard]] const std::string& body() const { return compressed ? decoded_body : request.body; }
};

Dispatcher::Dispatcher(const ServiceRegistry& registry, const Authenticator& authenticator,
                       FailureLog& failures, RequestObserver& observer, const Clock& clock,
                       Random& random)
    : Dispatcher(registry, authenticator, failures, observer, clock, random, Options()) {}

Dispatcher::Dispatcher(const ServiceRegistry& registry, const Authenticator& authenticator,
                       FailureLog& failures, RequestObserver& observer, const Clock& clock,
                       Random& random, Options options)
    : registry_(registry),
      authenticator_(authenticator),
      failures_(failures),
      observer_(observer),
      clock_(clock),
      request_ids_(random),
      options_(std::move(options)) {}

io::Task<http::Response> Dispatcher::handle(io::Executor& home, const http::Request& request) {
  Call call(home, request);
  call.started_us = clock_.monotonic_us();
  call.context.request_id = request_ids_.next();
  call.context.now_ms = clock_.wall_ms();
  call.context.host = std::string(request.headers.get("host"));
  call.context.listener_label = std::string(request.listener_label);
  Result<> prepared = prepare(&call);
  if (!prepared) co_return failed(call, prepared.error());
  Result<http::Response> answer = co_await run(call);
  if (!answer) co_return failed(call, answer.error());
  add_answer_headers(call.model(), call.context.request_id, &*answer);
  tell_of(call, *answer, nullptr);
  co_return answer.take();
}

void Dispatcher::tell_of(const Call& call, const http::Response& response,
                         const Error* error) const {
  using Result = AnsweredRequest::Result;
  Result result = response.status >= 500 ? Result::kFailed : Result::kRefused;
  if (!error) result = Result::kOk;
  const bool throttled =
      error && (error->overload || (call.row && error->type == call.row->overload_code));
  if (throttled) result = Result::kThrottled;
  observer_.answered({call.model(), call.row, result, response.status,
                      error ? std::string_view(error->type) : std::string_view(),
                      call.context.request_id, clock_.monotonic_us() - call.started_us});
}

// The order is AWS's: a malformed target before the signature, the operation's name after it.
Result<> Dispatcher::prepare(Call* call) const {
  Result<> resolved = resolve(call);
  if (!resolved) return resolved;
  Result<> authenticated = authenticate(call);
  if (!authenticated) return authenticated;
  const std::string_view encoding = call->request.headers.get("content-encoding");
  if (!encoding.empty() && encoding != "identity" && encoding != "aws-chunked") {
    Result<std::string> body =
        decode_content(encoding, call->request.body, options_.decompressed_bytes_max);
    if (!body) return body.take_error();
    call->decoded_body = body.take();
    call->compressed = true;
  }
  if (call->protocol == Protocol::kQuery) {
    Result<> query = resolve_query(call);
    if (!query) return query;
  } else if (call->protocol == Protocol::kRestJson) {
    Result<> rest = resolve_rest(call);
    if (!rest) return rest;
  }
  if (call->service != call->table->model->signing_name) {
    return Error("InvalidSignatureException", 400,
                 "Credential should be scoped to correct service: '" +
                     std::string(call->table->model->signing_name) + "'. ");
  }
  if (!call->row->implemented()) return not_implemented(call->table->model->title, call->row->name);
  call->context.action = call->row->iam_action;
  return {};
}

Result<> Dispatcher::resolve(Call* call) const {
  switch (call->protocol) {
    case Protocol::kJson:
    case Protocol::kCbor:
      return resolve_target(call);
    case Protocol::kRpcV2Cbor:
      return resolve_rpc(call);
    default:
      return {};  // who asks must be known first
  }
}

// JSON requests name their service and operation in a header.
Result<> Dispatcher::resolve_target(Call* call) const {
  const std::string_view target = call->request.headers.get(kTargetHeader);
  const size_t dot = target.rfind('.');
  if (dot == target.npos) return unknown_operation(400);
  call->table = registry_.find_target(target.substr(0, dot));
  if (!call->table) return unknown_operation(400);
  call->row = find_operation(*call->table->model, target.substr(dot + 1));
  return call->row ? Result<>() : unknown_operation(400);
}

// POST /service/<target prefix>/operation/<name>
Result<> Dispatcher::resolve_rpc(Call* call) const {
  constexpr std::string_view kService = "/service/";
  constexpr std::string_view kOperation = "/operation/";
  const std::string_view path = path_of(call->request);
  const size_t operation = path.find(kOperation);
  if (call->request.method != "POST" || !path.starts_with(kService) || operation == path.npos) {
    return unknown_operation(404);
  }
  const std::string_view service = path.substr(0, operation).substr(kService.size() - 1);
  call->table = service.empty() ? nullptr : registry_.find_target(service.substr(1));
  if (!call->table || !call->table->model->rpc_v2_cbor) return unknown_operation(404);
  call->row = find_operation(*call->table->model, path.substr(operation + kOperation.size()));
  return call->row ? Result<>() : unknown_operation(404);
}

void Dispatcher::Call::act_for(Identity identity) {
  context.account = std::move(identity.account);
  context.region = std::move(identity.region);
  context.principal_arn = std::move(identity.principal_arn);
  context.access_key_id = std::move(identity.access_key_id);
  service = std::move(identity.service);
}

Result<> Dispatcher::authenticate(Call* call) const {
  Result<Identity> identity = authenticator_.authenticate(call->request);
  if (!identity) return identity.take_error();
  call->act_for(identity.take());
  return {};
}

Result<> Dispatcher::resolve_query(Call* call) const {
  const auto refuse = [](std::string message) {
    return Error("MalformedQueryString", 400, std::move(message));
  };
  auto url = parse_form(query_of(call->request));
  const bool form = call->request.headers.get("content-type").starts_with(kForm);
  auto body = form ? parse_form(call->body()) : FormFields();
  if (!url || !body) return refuse("The query string is malformed.");
  call->fields = std::move(*url);
  for (auto& field : *body) call->fields.push_back(std::move(field));

  const std::string* action = find_field(call->fields, "Action");
  const std::string* version = find_field(call->fields, "Version");
  if (version) call->table = registry_.find_query_version(*version);
  if (!call->table) {
    call->table = registry_.find_signing_name(call->service, Protocol::kQuery);
    if (call->table && version) {
      return Error(
          "InvalidAction", 400,
          "Could not find operation " + (action ? *action : "") + " for version " + *version);
    }
  }
  if (!action) return Error("MissingAction", 400, "The request must contain the parameter Action.");
  if (call->table) call->row = find_operation(*call->table->model, *action);
  if (call->row) return {};
  return Error("InvalidAction", 400,
               "Could not find operation " + *action + " for version " +
                   (version ? *version : std::string("NO_VERSION_SPECIFIED")));
}

Result<> Dispatcher::resolve_rest(Call* call) const {
  call->table = registry_.find_signing_name(call->service, Protocol::kRestJson);
  if (!call->table) {
    return unknown_operation(404, "There is no service '" + call->service + "' with such a path.");
  }
  auto query = parse_form(query_of(call->request));
  if (!query) return serialization_error("The query string is malformed.");
  call->fields = std::move(*query);
  size_t best = 0;
  for (const OperationRow& row : call->table->model->operations) {
    if (row.method != call->request.method) continue;
    auto labels = match_route(row.route, path_of(call->request), call->fields);
    const size_t weight = labels ? route_weight(row.route) + 1 : 0;
    if (weight <= best) continue;
    best = weight;
    call->row = &row;
    call->labels = std::move(*labels);
  }
  if (!call->row) return unknown_operation(404);
  return {};
}

io::Task<Result<http::Response>> Dispatcher::run(Call& call) const {
  if (call.row->events) return run_stream(call);
  switch (call.protocol) {
    case Protocol::kJson:
      return run_json(call);
    case Protocol::kQuery:
      return run_query(call);
    case Protocol::kCbor:
    case Protocol::kRpcV2Cbor:
      return run_cbor(call);
    default:
      return run_rest(call);
  }
}

io::Task<Result<http::Response>> Dispatcher::run_json(Call& call) {
  const std::string_view body = padded_json(call.body(), &call.padded_body);
  Result<std::string> output =
      co_await run_json_operation(*call.table, *call.row, call.context, body, false);
  if (!output) co_return output.take_error();
  http::Response response;
  response.body = output.take();
  response.headers.add("content-type",
                       "application/x-amz-json-" + std::string(call.table->model->json_version));
  co_return response;
}

io::Task<Result<http::Response>> Dispatcher::run_cbor(Call& call) {
  CborExchange exchange(*call.table->model, *call.row, call.body(), cbor_time(call.protocol));
  Result<> done = co_await call.row->invoke(call.table->service, call.context, exchange);
  if (!done) co_return done.take_error();
  http::Response response;
  response.body = exchange.take_output();
  add_cbor_headers(call.protocol, call.model(), &response);
  co_return response;
}

io::Task<Result<http::Response>> Dispatcher::run_stream(Call& call) const {
  const ServiceModel& model = *call.table->model;
  const EventStreamRow& events = *call.row->events;
  const bool json = call.protocol == Protocol::kJson;
  JsonExchange in_json(model, *call.row, padded_json(call.body(), &call.padded_body), false);
  CborExchange in_cbor(model, *call.row, call.body(), cbor_time(call.protocol));
  Exchange& exchange = json ? static_cast<Exchange&>(in_json) : in_cbor;
  Result<std::unique_ptr<EventSource>> source =
      co_await events.invoke(call.table->service, call.context, exchange);
  if (!source) co_return source.take_error();
  http::Response response;
  response.headers.add("content-type", kEventStreamType);
  response.producer = std::make_unique<EventStreamBody>(
      call.protocol, model, *call.row, call.context.request_id,
      json ? in_json.take_output() : in_cbor.take_output(), source.take(), failures_);
  co_return response;
}

io::Task<Result<http::Response>> Dispatcher::run_query(Call& call) {
  Result<ParameterTree> parameters = ParameterTree::build(call.fields);
  if (!parameters) co_return parameters.take_error();
  QueryExchange exchange(*call.table->model, *call.row, *parameters, call.context.request_id);
  Result<> done = co_await call.row->invoke(call.table->service, call.context, exchange);
  if (!done) co_return done.take_error();
  http::Response response;
  response.headers.add("content-type", "text/xml");
  response.body = exchange.take_output();
  co_return response;
}

io::Task<Result<http::Response>> Dispatcher::run_rest(Call& call) {
  const std::string_view body = padded_json(call.body(), &call.padded_body);
  const RestRequest request{call.labels, call.fields, call.request.headers};
  RestExchange exchange(*call.table->model, *call.row, request, body);
  Result<> done = co_await call.row->invoke(call.table->service, call.context, exchange);
  if (!done) co_return done.take_error();
  co_return exchange.take_response();
}

http::Response Dispatcher::failed(const Call& call, const Error& error) const {
  if (!error.detail.empty()) {
    failures_.internal_failure(call.context.request_id,
                               call.row ? call.row->name : "a request without an operation",
                               error.detail);
  }
  Error shown = error;
  if (error.overload && call.row) {
    shown.type = call.row->overload_code;
    shown.http_status = call.row->overload_status;
    shown.sender_fault = shown.http_status < 500;
  }
  http::Response response =
      error_response(shown, call.protocol, call.model(), call.context.request_id);
  tell_of(call, response, &shown);
  return response;
}

// What a header alone tells of a request: the service, the operation unless the body names it, and
// whether who asks may be whom they say.
Result<> Dispatcher::identify(Call* call) const {
  call->started_us = clock_.monotonic_us();
  call->context.request_id = request_ids_.next();
  Result<> resolved = resolve(call);
  if (!resolved) return resolved;
  Result<Identity> identity = authenticator_.authenticate_head(call->request);
  if (!identity) return identity.take_error();
  call->act_for(identity.take());
  return {};
}

std::optional<http::Response> Dispatcher::judge(io::Executor& home,
                                                const http::Request& head) const {
  Call call(home, head);
  Result<> identified = identify(&call);
  if (identified) return std::nullopt;
  return failed(call, identified.error());
}

http::Response Dispatcher::overload_answer(io::Executor& home, const http::Request& head) const {
  Call call(home, head);
  Result<> identified = identify(&call);
  if (!identified) return failed(call, identified.error());
  if (call.protocol == Protocol::kRestJson) {
    // Without a row the answer is the one that every service has.
    if (Result<> resolved = resolve_rest(&call); !resolved) return failed(call, resolved.error());
  } else if (call.protocol == Protocol::kQuery) {
    call.table = registry_.find_signing_name(call.service, Protocol::kQuery);
  }
  return failed(call, overloaded());
}

}  // namespace millstream::aws
