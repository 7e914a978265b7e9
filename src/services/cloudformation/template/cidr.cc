#include "services/cloudformation/template/cidr.h"

#include <arpa/inet.h>

#include <array>

#include "services/cloudformation/template/template.h"

namespace millstream::cloudformation {
namespace {

using Address = unsigned __int128;

struct Network {
  int family;
  int bits;  // of an address: 32 or 128
  int prefix;
  Address start;
};

Error malformed(const std::string& block) {
  return template_error("Template error: Fn::Cidr can't take networks from " + block);
}

Result<Network> parse_network(const std::string& block) {
  const size_t slash = block.find('/');
  if (slash == block.npos) return malformed(block);
  const auto prefix = Value(block.substr(slash + 1)).as_integer();
  const std::string host = block.substr(0, slash);
  const bool is_v6 = host.find(':') != host.npos;
  Network network{is_v6 ? AF_INET6 : AF_INET, is_v6 ? 128 : 32, 0, 0};
  std::array<unsigned char, 16> bytes{};
  if (!prefix || *prefix < 0 || *prefix > network.bits ||
      inet_pton(network.family, host.c_str(), bytes.data()) != 1) {
    return malformed(block);
  }
  network.prefix = static_cast<int>(*prefix);
  for (int i = 0; i < network.bits / 8; ++i) network.start = network.start << 8 | bytes[i];
  const int host_part = network.bits - network.prefix;
  if (host_part == 128) {
    network.start = 0;
  } else {
    network.start = network.start >> host_part << host_part;
  }
  return network;
}

std::string address_text(const Network& network, Address address) {
  std::array<unsigned char, 16> bytes{};
  for (int i = network.bits / 8; i-- > 0; address >>= 8) {
    bytes[i] = static_cast<unsigned char>(address);
  }
  char text[INET6_ADDRSTRLEN];
  CHECK(inet_ntop(network.family, bytes.data(), text, sizeof text) != nullptr);
  return text;
}

}  // namespace

Result<Value> cidr_networks(const std::string& block, long long count, long long host_bits) {
  auto network = parse_network(block);
  if (!network) return network.take_error();
  const int room_bits = network->bits - network->prefix - static_cast<int>(host_bits);
  if (count < 1 || count > 256 || host_bits < 1 || host_bits > network->bits || room_bits < 0 ||
      (room_bits < 9 && count > (1LL << room_bits))) {
    return malformed(block);
  }
  Value::List networks;
  for (long long i = 0; i < count; ++i) {
    const Address offset = host_bits == 128 ? 0 : static_cast<Address>(i) << host_bits;
    networks.push_back(Value(address_text(*network, network->start + offset) + "/" +
                             std::to_string(network->bits - host_bits)));
  }
  return Value(std::move(networks));
}

}  // namespace millstream::cloudformation
