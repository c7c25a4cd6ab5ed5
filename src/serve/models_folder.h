#pragma once

// A folder of models: `name/` or `name/version/`, each a model's folder. Versions are whole numbers, and the highest
// counts.

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace tastevin::serve {

class Registry;

struct FolderModel {
  std::string name;
  std::filesystem::path path;  ///< of its highest version
  std::string state;           ///< changes whenever one of its files does
};

/// In the order of their names; what is hidden (`.name`) or holds no model is none. Throws `Error{not_found}` for a
/// folder that cannot be read.
std::vector<FolderModel> models_in(const std::filesystem::path& folder);

/// The number that the name of a version's folder is; nothing for another name.
std::optional<std::uint64_t> version_number(std::string_view name);

/// Whether `path` is where a model of that name lies in the folder: `name` or `name/version`.
bool is_of_folder(const std::filesystem::path& path, const std::filesystem::path& folder, const std::string& name);

/// Keeps a registry as a folder is: loads what is new or changed once it has stopped changing, unloads what is gone. A
/// model that cannot be loaded is tried again when it changes. A name whose model came from elsewhere keeps it.
class FolderWatch {
 public:
  /// Looks every `period` on a thread of its own, or, when that is 0, when `look` is called. `loaded` is what the
  /// folder held when its models were loaded. `tell` hears what happens, a line each.
  FolderWatch(Registry& registry, std::filesystem::path folder, const std::vector<FolderModel>& loaded,
              std::chrono::milliseconds period, std::function<void(const std::string&)> tell);
  ~FolderWatch();
  FolderWatch(const FolderWatch&) = delete;
  FolderWatch& operator=(const FolderWatch&) = delete;

  void look();

 private:
  struct Seen {
    std::string tried;  // state that was loaded, or failed to
    std::string last;   // at the last look
    int absent = 0;     // looks at which it was not there
  };
  std::vector<FolderModel> models();
  void load(const FolderModel& model, Seen& seen);
  void unload(const std::string& name);

  Registry& registry_;
  std::filesystem::path folder_;
  std::function<void(const std::string&)> tell_;
  std::map<std::string, Seen> seen_;
  std::string failure_;            // of the last look at the folder; told when it changes
  std::set<std::string> skipped_;  // names of models from elsewhere, each told once
  std::mutex mutex_;
  std::condition_variable ending_;
  bool ended_ = false;
  std::jthread thread_;  // last: it uses the others
};

}  // namespace tastevin::serve
