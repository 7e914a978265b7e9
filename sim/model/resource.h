#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>

namespace millstream::sim {

// A stream or a table from its creation to its deletion; a name that is used again is another one.
struct Resource {
  enum class Stage { kCreating, kActive, kDeleting, kGone };

  explicit Resource(std::string its_name) : name(std::move(its_name)) {}

  std::string name;
  Stage stage = Stage::kCreating;
  int under_way = 0;  // requests that name it
  // Its creation or deletion had no answer: until the process has died it may still happen.
  bool undecided = false;

  [[nodiscard]] bool is_active() const { return stage == Stage::kActive; }
  // Whether nobody knows if it is there.
  [[nodiscard]] bool is_between() const {
    return stage == Stage::kCreating || stage == Stage::kDeleting;
  }
};

// The resources of one kind by name, each as it is now.
template <class Model>
class ByName {
 public:
  // nullptr when there was none.
  [[nodiscard]] std::shared_ptr<Model> find(const std::string& name) const {
    const auto found = models_.find(name);
    return found == models_.end() ? nullptr : found->second;
  }
  void set(std::shared_ptr<Model> model) { models_[model->name] = std::move(model); }
  [[nodiscard]] const std::map<std::string, std::shared_ptr<Model>>& all() const { return models_; }

 private:
  std::map<std::string, std::shared_ptr<Model>> models_;
};

}  // namespace millstream::sim
