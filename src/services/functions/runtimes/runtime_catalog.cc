#include "services/functions/runtimes/runtime_catalog.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <set>
#include <sstream>
#include <utility>

#include "services/functions/runtimes/interpreter_probe.h"

namespace millstream::functions {
namespace {

namespace fs = std::filesystem;

// Distances between versions of one language.
int distance(RuntimeNumber a, RuntimeNumber b) {
  return std::abs((a.major - b.major) * 100 + (a.minor - b.minor));
}

std::vector<std::string> subdirectories(const std::string& directory) {
  std::vector<std::string> found;
  std::error_code problem;
  for (const auto& entry : fs::directory_iterator(directory, problem)) {
    found.push_back(entry.path());
  }
  std::sort(found.begin(), found.end());
  return found;
}

std::vector<std::string> program_names() {
  std::vector<std::string> names = {"node", "nodejs", "python3"};
  for (const auto& name : known_runtimes()) {
    if (name.family == RuntimeFamily::kPython) names.emplace_back(name.identifier);
  }
  return names;
}

std::vector<std::string> directories(const RuntimeCatalogOptions& options) {
  std::vector<std::string> list;
  std::istringstream path(options.search_path);
  for (std::string directory; std::getline(path, directory, ':');) {
    // pyenv's shims are scripts that choose a version; the versions themselves are below.
    if (!directory.empty() && directory.find("/shims") == std::string::npos) {
      list.push_back(directory);
    }
  }
  list.emplace_back("/usr/local/bin");
  list.emplace_back("/usr/bin");
  if (options.home.empty()) return list;
  for (const char* versions : {"/.pyenv/versions", "/.nvm/versions/node"}) {
    for (const auto& version : subdirectories(options.home + versions)) {
      list.push_back(version + "/bin");
    }
  }
  return list;
}

}  // namespace

const std::vector<RuntimeName>& known_runtimes() {
  static const std::vector<RuntimeName> names = {
      {"python3.8", RuntimeFamily::kPython, {3, 8}},
      {"python3.9", RuntimeFamily::kPython, {3, 9}},
      {"python3.10", RuntimeFamily::kPython, {3, 10}},
      {"python3.11", RuntimeFamily::kPython, {3, 11}},
      {"python3.12", RuntimeFamily::kPython, {3, 12}},
      {"python3.13", RuntimeFamily::kPython, {3, 13}},
      {"python3.14", RuntimeFamily::kPython, {3, 14}},
      {"python3.15", RuntimeFamily::kPython, {3, 15}},
      {"nodejs18.x", RuntimeFamily::kNodejs, {18, 0}},
      {"nodejs20.x", RuntimeFamily::kNodejs, {20, 0}},
      {"nodejs22.x", RuntimeFamily::kNodejs, {22, 0}},
      {"nodejs24.x", RuntimeFamily::kNodejs, {24, 0}},
      {"nodejs26.x", RuntimeFamily::kNodejs, {26, 0}},
  };
  return names;
}

const RuntimeName* find_runtime_name(std::string_view identifier) {
  for (const auto& name : known_runtimes()) {
    if (name.identifier == identifier) return &name;
  }
  return nullptr;
}

void RuntimeCatalog::look() {
  const std::lock_guard lock(mutex_);
  look_locked();
}

void RuntimeCatalog::look_locked() {
  if (std::exchange(looked_, true)) return;
  std::vector<std::string> candidates = options_.programs;
  for (const auto& directory : directories(options_)) {
    for (const auto& name : program_names()) candidates.push_back(directory + "/" + name);
  }
  std::set<std::string> seen;
  for (const auto& candidate : candidates) {
    std::error_code problem;
    const std::string real = fs::canonical(candidate, problem);
    if (problem || access(real.c_str(), X_OK) != 0 || !seen.insert(real).second) continue;
    auto interpreter = probe_interpreter(candidate);
    // Bootstraps need Python 3.8 and Node 18.
    if (!interpreter || interpreter->number < RuntimeNumber{3, 8}) continue;
    if (interpreter->family == RuntimeFamily::kNodejs && interpreter->number.major < 18) continue;
    found_.push_back(std::move(*interpreter));
  }
}

RuntimeMapping choose_interpreter(const RuntimeName& name, const std::vector<Interpreter>& found) {
  RuntimeMapping mapping{name, std::nullopt, false, ""};
  const Interpreter* best = nullptr;
  for (const auto& candidate : found) {
    if (candidate.family != name.family) continue;
    const int difference =
        best ? distance(candidate.number, name.number) - distance(best->number, name.number) : -1;
    const bool newer = best && best->number < candidate.number;
    if (difference < 0 || (difference == 0 && newer)) best = &candidate;
  }
  const bool python = name.family == RuntimeFamily::kPython;
  const char* language = python ? "Python" : "Node.js";
  if (!best) {
    mapping.warning = fmt::format("{}: this host has no {} interpreter", name.identifier, language);
    return mapping;
  }
  mapping.interpreter = *best;
  mapping.exact = best->number == name.number;
  if (!mapping.exact) {
    mapping.warning = fmt::format("{} isn't on this host; it runs with {} {} ({})", name.identifier,
                                  language, best->version, best->program);
  }
  return mapping;
}

RuntimeMapping RuntimeCatalog::map(const RuntimeName& name) {
  return choose_interpreter(name, interpreters());
}

std::vector<RuntimeMapping> RuntimeCatalog::list() {
  const auto found = interpreters();
  std::vector<RuntimeMapping> mappings;
  for (const auto& name : known_runtimes()) mappings.push_back(choose_interpreter(name, found));
  return mappings;
}

std::vector<Interpreter> RuntimeCatalog::interpreters() {
  const std::lock_guard lock(mutex_);
  look_locked();
  return found_;
}

}  // namespace millstream::functions
