#pragma once

namespace millstream::server {

// `millstream runtimes`: prints the interpreters that this host has, and which of them each runtime
// of Lambda's runs on.
void print_runtimes();

}  // namespace millstream::server
