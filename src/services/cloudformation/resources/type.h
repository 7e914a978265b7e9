#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "aws/error.h"
#include "aws/gateway.h"
#include "aws/request_context.h"
#include "io/task.h"
#include "services/cloudformation/documents.h"
#include "services/cloudformation/resources/schema.h"

namespace millstream::cloudformation {

// The way from a resource to the service that keeps it. Copied into the coroutines that use it;
// what it points to outlives them.
struct ServiceCaller {
  aws::Gateway* gateway;
  const aws::RequestContext* context;

  // Calls an operation of another service; the input and the output are JSON objects.
  io::Task<aws::Result<Value>> call(std::string service, std::string operation, Value input) const;
};

// What is the same for every resource of a type.
struct TypeDescription {
  std::string_view name;  // "AWS::Kinesis::Stream"
  Schema schema;
  std::span<const std::string_view> attributes;  // that Fn::GetAtt gives
  // The property that names the physical resource; generated when the template doesn't give it.
  // Empty: the service draws the identifier.
  std::string_view name_property;
  size_t name_length_max = 128;
  // It is written into other resources, so that find() can't tell whether it is there.
  bool lives_in_others = false;
  bool is_iam = false;  // needs CAPABILITY_IAM; with a name of its own CAPABILITY_NAMED_IAM
};

// One type of resource. Stateless: every call tells everything. Properties have been checked
// against the schema and hold the physical name; what is given back is stored. All coroutines start
// and end on the caller's home executor.
class ResourceType {
 public:
  virtual ~ResourceType() = default;

  [[nodiscard]] virtual const TypeDescription& description() const = 0;

  // What the schema can't say. The failure is kInvalidArgument, a whole sentence.
  [[nodiscard]] virtual Result<> check(const std::string& resource, const Value& properties) const;

  // The identifier of the resource that stands where one with these properties would stand.
  virtual io::Task<aws::Result<std::optional<std::string>>> find(ServiceCaller caller,
                                                                 Value properties) const = 0;

  // Makes the resource and waits until it can be used. `resumed` says that an earlier attempt of
  // the same call may have made it: what stands there is then taken over.
  virtual io::Task<aws::Result<PhysicalResource>> create(ServiceCaller caller, Value properties,
                                                         bool resumed) const = 0;

  // Brings a resource to new properties without replacing it. Doing it twice does no harm.
  virtual io::Task<aws::Result<PhysicalResource>> update(ServiceCaller caller,
                                                         PhysicalResource current,
                                                         Value properties) const = 0;

  // Deletes the resource and waits until it is gone. One that is gone is a success.
  virtual io::Task<aws::Result<>> remove(ServiceCaller caller, PhysicalResource current) const = 0;
};

// Whether an error says that what should be made is there, or that what was named isn't.
bool says_exists(const aws::Error& error);
bool says_absent(const aws::Error& error);

// As an event tells it: Resource handler returned message: "..." (RequestToken: ...,
// HandlerErrorCode: AlreadyExists).
std::string handler_message(const aws::Error& error, std::string_view token);

// How long a resource may take to become usable, or to go away.
inline constexpr int64_t kSettleIntervalUs = 20'000;
inline constexpr int kSettleAttemptsMax = 3'000;
aws::Error not_settled(std::string_view what);

// The text that a JSON pointer-like path of names leads to in a service's answer; "" if there is
// none.
std::string text_at(const Value& value, std::initializer_list<std::string_view> path);

// A map of the named members of `properties` that are there.
Value pick(const Value& properties, std::initializer_list<std::string_view> names);

}  // namespace millstream::cloudformation
