#pragma once

// A small Hub, and a cache of its own to pull into, with the patience of a test.

#include <algorithm>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "hub/small_hub.h"
#include "prepare/hub/repository.h"
#include "prepare/hub/settings.h"
#include "prepare/hub/snapshot.h"
#include "support/temporary_folder.h"

namespace tastevin::hub {

class HubAndCache {
 public:
  HubAndCache() {
    settings.endpoint = hub.address();
    settings.cache = cache_.path();
    settings.patience = {.connect = std::chrono::milliseconds(5000),
                         .silence = std::chrono::seconds(1),
                         .attempts = 3,
                         .first_pause = std::chrono::milliseconds(0),
                         .longest_pause = std::chrono::milliseconds(0)};
  }

  /// A model with all that a classifier needs, and what it does not.
  void add_model(const std::string& model, std::string_view weights = "the weights") const {
    hub.add(model, "config.json", R"({"model_type": "distilbert"})");
    hub.add(model, "vocab.txt", "[PAD]\n[UNK]\n");
    hub.add(model, "README.md", "read me");
    hub.add(model, "tf_model.h5", "other weights");
    hub.add(model, "model.safetensors", weights);
  }

  std::filesystem::path pull(const std::string& name, const PullOptions& options = {}) const {
    return pull_snapshot(parse_repository(name), settings, options);
  }

  /// The requests since the last call whose path holds `word`, as "GET bytes=5-" (or "GET").
  std::vector<std::string> requests_of(const std::string& word) {
    std::vector<std::string> found;
    for (const Json& request : hub.requests()) {
      if (request.at("path").get<std::string>().find(word) == std::string::npos) continue;
      const Json& range = request.at("range");
      found.push_back(request.at("method").get<std::string>() +
                      (range.is_string() ? " " + range.get<std::string>() : ""));
    }
    return found;
  }

  /// A file of the cache.
  std::filesystem::path cached(std::string_view path) const { return cache_ / path; }

  SmallHub hub;
  Settings settings;

 private:
  TemporaryFolder cache_;
};

/// The files in a folder and below, by their paths from it.
inline std::vector<std::string> names_below(const std::filesystem::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.is_symlink() || !entry.is_directory()) names.push_back(entry.path().lexically_relative(folder).string());
  }
  std::ranges::sort(names);
  return names;
}

}  // namespace tastevin::hub
