#include "services/functions/code/code_store.h"

#include <algorithm>
#include <charconv>
#include <set>
#include <utility>

#include "base/check.h"

namespace millstream::functions {
namespace {

constexpr size_t kChunkBytes = 1u << 20;
constexpr uint32_t kChunksPerTransaction = 8;

uint32_t chunk_count(size_t bytes) {
  return static_cast<uint32_t>((bytes + kChunkBytes - 1) / kChunkBytes);
}

// A manifest holds the number of its package's chunks, in decimal.
Result<uint32_t> read_manifest(std::string_view text) {
  uint32_t chunks = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), chunks);
  if (problem != std::errc() || end != text.data() + text.size()) {
    return Error{ErrorCode::kCorruption, "a package's manifest is unreadable"};
  }
  return chunks;
}

}  // namespace

CodeStore::CodeStore(lanes::Lanes& lanes, Random& random, io::BlockingPool& blocking,
                     std::string directory)
    : lanes_(lanes),
      random_(random),
      blocking_(blocking),
      cache_(blocking, random, std::move(directory)) {
  lanes.observe(std::string(kManifestPrefix), [this](auto key, auto value) {
    if (value) return;
    const auto parsed = parse_key(key);
    CHECK(parsed.ok());  // it was found under that key
    cache_.retire(parsed->rest);
  });
}

lanes::LaneId CodeStore::lane_of(const FunctionAddress& address) const {
  return lanes_.lane_of(function_hash(address));
}

Result<> CodeStore::start(io::Executor& home,
                          const std::vector<std::shared_ptr<const Function>>& functions) {
  if (auto cleared = cache_.clear(); !cleared) return cleared;
  std::set<std::pair<FunctionAddress, std::string>> named;
  for (const auto& function : functions) named.emplace(function->address(), function->run.code_id);
  return lanes_.scan_now(kManifestPrefix, lanes::prefix_end(kManifestPrefix),
                         [&](std::string_view key, std::string_view) -> Result<> {
                           auto parsed = parse_key(key);
                           if (!parsed) return parsed.take_error();
                           if (named.contains({parsed->address, parsed->rest})) return {};
                           home.post([this, &home, found = *parsed] {
                             io::spawn(erase_abandoned(home, found.address, found.rest));
                           });
                           return {};
                         });
}

io::Task<> CodeStore::erase_abandoned(io::Executor& home, FunctionAddress address,
                                      std::string code_id) {
  auto body = [&](lanes::Transaction& transaction) { return erase(transaction, address, code_id); };
  // What can't be erased now is found again at the next start.
  Result<> ignored = co_await lanes_.run(home, lane_of(address), body);
  (void)ignored;
}

Result<> CodeStore::erase(lanes::Transaction& transaction, const FunctionAddress& address,
                          const std::string& code_id) {
  const std::string key = manifest_key(address, code_id);
  auto manifest = transaction.get(key);
  if (!manifest) return manifest.take_error();
  if (!*manifest) return {};
  const auto chunks = read_manifest(**manifest);
  if (!chunks) return chunks.error();
  for (uint32_t i = 0; i < *chunks; ++i) transaction.erase(chunk_key(address, code_id, i));
  transaction.erase(key);
  return {};
}

io::Task<Result<std::string>> CodeStore::add(io::Executor& home, FunctionAddress address,
                                             std::string zip) {
  std::string code_id = random_.uuid();
  const CodeDirectory held = cache_.hold(code_id);
  Result<> unpacked = co_await unpack(home, code_id, zip);
  if (!unpacked) co_return unpacked.take_error();
  Result<> stored = co_await store(home, address, code_id, zip);
  if (stored) co_return code_id;
  cache_.retire(code_id);
  co_await erase_abandoned(home, std::move(address), std::move(code_id));
  co_return stored.take_error();
}

io::Task<Result<>> CodeStore::store(io::Executor& home, FunctionAddress address,
                                    std::string code_id, const std::string& zip) {
  const uint32_t chunks = chunk_count(zip.size());
  for (uint32_t first = 0; first < chunks; first += kChunksPerTransaction) {
    auto body = [&](lanes::Transaction& transaction) -> Result<> {
      if (first == 0) transaction.put(manifest_key(address, code_id), std::to_string(chunks));
      const uint32_t end = std::min(first + kChunksPerTransaction, chunks);
      for (uint32_t i = first; i < end; ++i) {
        const auto bytes = std::string_view(zip).substr(i * kChunkBytes, kChunkBytes);
        transaction.put(chunk_key(address, code_id, i), bytes);
      }
      return {};
    };
    Result<> written = co_await lanes_.run(home, lane_of(address), body);
    if (!written) co_return written;
  }
  co_return Result<>();
}

io::Task<Result<std::string>> CodeStore::read(io::Executor& home, FunctionAddress address,
                                              std::string code_id) {
  auto manifest = co_await lanes_.get(home, manifest_key(address, code_id));
  if (!manifest) co_return manifest.take_error();
  if (!*manifest) co_return Error{ErrorCode::kNotFound, "the function's code is gone"};
  const auto chunks = read_manifest(**manifest);
  if (!chunks) co_return chunks.error();
  std::string zip;
  for (uint32_t i = 0; i < *chunks; ++i) {
    auto chunk = co_await lanes_.get(home, chunk_key(address, code_id, i));
    if (!chunk) co_return chunk.take_error();
    if (!*chunk) co_return Error{ErrorCode::kCorruption, "a part of the function's code is gone"};
    zip += **chunk;
  }
  co_return zip;
}

io::Task<Result<CodeDirectory>> CodeStore::directory(io::Executor& home, FunctionAddress address,
                                                     std::string code_id) {
  CodeDirectory held = cache_.hold(code_id);
  if (cache_.is_there(code_id)) co_return held;
  auto zip = co_await read(home, std::move(address), code_id);
  if (!zip) co_return zip.take_error();
  Result<> unpacked = co_await unpack(home, std::move(code_id), *zip);
  if (!unpacked) co_return unpacked.take_error();
  co_return held;
}

io::Task<Result<>> CodeStore::unpack(io::Executor& home, std::string code_id,
                                     const std::string& zip) {
  auto slot = std::make_shared<io::OneShot<Result<>>>(home);
  blocking_.run([this, slot, code_id, &zip] { slot->set(cache_.unpack(code_id, zip)); });
  Result<> unpacked = co_await *slot;
  if (!home.is_current()) co_await io::resume_on(home);
  co_return unpacked;
}

}  // namespace millstream::functions
