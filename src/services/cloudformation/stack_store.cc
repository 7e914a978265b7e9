#include "services/cloudformation/stack_store.h"

#include "base/coding.h"
#include "lanes/stored_document.h"
#include "services/cloudformation/fields.h"

namespace millstream::cloudformation {
namespace {

constexpr size_t kScanEntries = 500;
constexpr size_t kScanBytes = 4u << 20;

std::string encode_export(const Export& exported) {
  Value value = versioned();
  value.set("stack_id", Value(exported.stack_id));
  value.set("value", Value(exported.value));
  return write_json(value);
}

Result<Export> decode_export(std::string_view text) {
  auto value = parse_versioned(text, "export");
  if (!value) return value.take_error();
  return Export{text_field(*value, "stack_id"), text_field(*value, "value")};
}

template <class Document>
Result<std::vector<Document>> decode_all(
    const std::vector<std::pair<std::string, std::string>>& entries,
    Result<Document> (*decode)(std::string_view)) {
  std::vector<Document> documents;
  for (const auto& [key, text] : entries) {
    auto document = decode(text);
    if (!document) return document.take_error();
    documents.push_back(document.take());
  }
  return documents;
}

Result<std::optional<StackDocument>> decode_optional(const std::optional<std::string>& text) {
  if (!text) return std::optional<StackDocument>();
  auto document = decode_stack(*text);
  if (!document) return document.take_error();
  return std::optional<StackDocument>(document.take());
}

}  // namespace

io::Task<Result<StackStore::Entries>> StackStore::scan(io::Executor& home, std::string prefix) {
  Entries all;
  std::string from = prefix;
  const std::string to = lanes::prefix_end(prefix);
  for (;;) {
    auto page = co_await lanes_.scan(home, from, to, kScanEntries, kScanBytes);
    if (!page) co_return page.take_error();
    for (auto& entry : page->entries) all.push_back(std::move(entry));
    if (!page->more || all.empty()) co_return all;
    from = all.back().first + '\0';
  }
}

io::Task<Result<std::optional<StackDocument>>> StackStore::stack(io::Executor& home,
                                                                 StackAddress address) {
  auto text = co_await lanes_.get(home, stack_key(address));
  if (!text) co_return text.take_error();
  co_return decode_optional(*text);
}

io::Task<Result<std::optional<StackDocument>>> StackStore::named(io::Executor& home,
                                                                 std::string account,
                                                                 std::string region,
                                                                 std::string name) {
  auto unique = co_await lanes_.get(home, name_key(account, region, name));
  if (!unique) co_return unique.take_error();
  if (!*unique) co_return std::optional<StackDocument>();
  StackAddress address{account, region, name, **unique};
  auto found = co_await stack(home, std::move(address));
  co_return found;
}

io::Task<Result<std::vector<StackDocument>>> StackStore::stacks(io::Executor& home,
                                                                std::string account,
                                                                std::string region) {
  auto entries = co_await scan(home, stacks_prefix(account, region));
  if (!entries) co_return entries.take_error();
  co_return decode_all<StackDocument>(*entries, decode_stack);
}

Result<std::vector<StackDocument>> StackStore::all_stacks_now() {
  std::vector<StackDocument> documents;
  const std::string prefix = stacks_prefix("", "");
  auto scanned = lanes_.scan_now(prefix, lanes::prefix_end(prefix),
                                 [&](std::string_view, std::string_view text) -> Result<> {
                                   auto document = decode_stack(text);
                                   if (!document) return document.take_error();
                                   documents.push_back(document.take());
                                   return {};
                                 });
  if (!scanned) return scanned.take_error();
  return documents;
}

io::Task<Result<std::vector<ResourceDocument>>> StackStore::resources(io::Executor& home,
                                                                      StackAddress address) {
  auto entries = co_await scan(home, resources_prefix(address));
  if (!entries) co_return entries.take_error();
  co_return decode_all<ResourceDocument>(*entries, decode_resource);
}

io::Task<Result<std::optional<std::string>>> StackStore::template_body(io::Executor& home,
                                                                       StackAddress address,
                                                                       TemplateRole role) {
  auto body = co_await lanes_.get(home, template_key(address, role));
  co_return body;
}

io::Task<Result<StackStore::Events>> StackStore::events(io::Executor& home, StackAddress address,
                                                        uint64_t before_sequence, size_t count) {
  auto page = co_await lanes_.scan(home, events_prefix(address),
                                   event_key(address, before_sequence), count, kScanBytes, true);
  if (!page) co_return page.take_error();
  Events events;
  for (const auto& [key, text] : page->entries) {
    auto event = decode_event(text);
    if (!event) co_return event.take_error();
    events.emplace_back(load_big<uint64_t>(key.data() + key.size() - sizeof(uint64_t)),
                        event.take());
  }
  co_return events;
}

io::Task<Result<std::vector<ChangeSetDocument>>> StackStore::change_sets(io::Executor& home,
                                                                         StackAddress address) {
  auto entries = co_await scan(home, change_sets_prefix(address));
  if (!entries) co_return entries.take_error();
  co_return decode_all<ChangeSetDocument>(*entries, decode_change_set);
}

io::Task<Result<Exports>> StackStore::exports(io::Executor& home, std::string account,
                                              std::string region) {
  const std::string prefix = exports_prefix(account, region);
  auto entries = co_await scan(home, prefix);
  if (!entries) co_return entries.take_error();
  Exports exports;
  for (const auto& [key, text] : *entries) {
    auto exported = decode_export(text);
    if (!exported) co_return exported.take_error();
    exports[key.substr(prefix.size())] = exported.take();
  }
  co_return exports;
}

io::Task<Result<>> StackStore::set_exports(io::Executor& home, StackAddress address,
                                           std::map<std::string, std::string> wanted) {
  const std::string id = stack_id(address);
  const std::string prefix = exports_prefix(address.account, address.region);
  auto body = [&](lanes::Transaction& transaction) -> Result<> {
    Exports standing;
    auto scanned = transaction.scan(
        prefix, lanes::prefix_end(prefix), [&](std::string_view key, std::string_view text) {
          if (auto exported = decode_export(text)) {
            standing[std::string(key.substr(prefix.size()))] = exported.take();
          }
          return true;
        });
    if (!scanned) return scanned;
    for (const auto& [name, value] : wanted) {
      const auto found = standing.find(name);
      if (found != standing.end() && found->second.stack_id != id) {
        return Error{ErrorCode::kAlreadyExists,
                     "Export with name " + name + " is already exported by stack " +
                         parse_stack_id(found->second.stack_id).value_or(StackAddress{}).name};
      }
    }
    for (const auto& [name, exported] : standing) {
      if (exported.stack_id == id && !wanted.count(name)) transaction.erase(prefix + name);
    }
    for (const auto& [name, value] : wanted) {
      transaction.put(prefix + name, encode_export(Export{id, value}));
    }
    return {};
  };
  const lanes::LaneId lane = lanes_.lane_of(export_hash(address.account, address.region));
  auto done = co_await lanes_.run(home, lane, body);
  co_return done;
}

Result<std::optional<StackDocument>> load_stack(lanes::Transaction& transaction,
                                                const StackAddress& address) {
  return lanes::get_document(transaction, stack_key(address), decode_stack);
}

Result<std::optional<StackDocument>> load_named(lanes::Transaction& transaction,
                                                const std::string& account,
                                                const std::string& region,
                                                const std::string& name) {
  auto unique = transaction.get(name_key(account, region, name));
  if (!unique) return unique.take_error();
  if (!*unique) return std::optional<StackDocument>();
  return load_stack(transaction, StackAddress{account, region, name, **unique});
}

void store_stack(lanes::Transaction& transaction, StackDocument& stack,
                 const std::vector<EventDocument>& events) {
  for (const EventDocument& event : events) {
    transaction.put(event_key(stack.address, stack.next_event++), encode(event));
  }
  transaction.put(stack_key(stack.address), encode(stack));
}

}  // namespace millstream::cloudformation
