#include "serve/models_folder.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/ascii.h"
#include "base/error.h"
#include "serve/registry.h"

namespace tastevin::serve {
namespace {

namespace fs = std::filesystem;

bool is_hidden(const fs::path& path) { return path.filename().string().starts_with('.'); }

/// What every folder that can be loaded has.
bool is_model(const fs::path& folder) {
  std::error_code error;
  return fs::exists(folder / "config.json", error) || fs::exists(folder / "openvino_model.xml", error);
}

/// Throws `Error{unavailable}` for a folder that cannot be listed whole: what it seems to lack may be there.
std::vector<fs::path> folders_in(const fs::path& folder) {
  std::vector<fs::path> folders;
  std::error_code error;
  for (auto entry = fs::directory_iterator(folder, error); !error && entry != fs::directory_iterator();
       entry.increment(error))
    if (std::error_code gone; !is_hidden(entry->path()) && entry->is_directory(gone)) folders.push_back(entry->path());
  if (error)
    throw Error(ErrorCode::unavailable,
                "models folder " + in_quotes(folder.string()) + ": cannot be read: " + error.message());
  std::ranges::sort(folders);
  return folders;
}

/// The folder itself, or that of its highest version; empty when there is no model.
fs::path newest(const fs::path& folder) {
  if (is_model(folder)) return folder;
  fs::path best;
  std::uint64_t highest = 0;
  for (const fs::path& inner : folders_in(folder)) {
    const std::uint64_t version = version_number(inner.filename().string()).value_or(0);
    if (version < std::max<std::uint64_t>(highest, 1) || !is_model(inner)) continue;
    best = inner;
    highest = version;
  }
  return best;
}

/// Names, sizes and times of the files. A file that goes away meanwhile is one less.
std::string state_of(const fs::path& folder) {
  std::vector<std::string> files;
  std::error_code error;
  for (auto entry = fs::recursive_directory_iterator(folder, error);
       !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
    std::error_code gone;
    if (!entry->is_regular_file(gone)) continue;
    const auto size = entry->file_size(gone);
    const auto time = entry->last_write_time(gone).time_since_epoch().count();
    files.push_back(entry->path().lexically_relative(folder).string() + " " + std::to_string(size) + " " +
                    std::to_string(time));
  }
  std::ranges::sort(files);
  std::string state = folder.string();
  for (const std::string& file : files) state += "\n" + file;
  return state;
}

}  // namespace

std::vector<FolderModel> models_in(const fs::path& folder) {
  std::error_code error;
  if (!fs::is_directory(folder, error))
    throw Error(ErrorCode::not_found, "models folder " + in_quotes(folder.string()) + ": is not there");
  std::vector<FolderModel> models;
  for (const fs::path& inner : folders_in(folder)) {
    const fs::path path = newest(inner);
    if (!path.empty()) models.push_back({inner.filename().string(), path, state_of(path)});
  }
  return models;
}

std::optional<std::uint64_t> version_number(std::string_view name) { return ascii::number<std::uint64_t>(name); }

bool is_of_folder(const fs::path& path, const fs::path& folder, const std::string& name) {
  return path == folder / name || path.parent_path() == folder / name;
}

FolderWatch::FolderWatch(Registry& registry, fs::path folder, const std::vector<FolderModel>& loaded,
                         std::chrono::milliseconds period, std::function<void(const std::string&)> tell)
    : registry_(registry), folder_(std::move(folder)), tell_(std::move(tell)) {
  for (const FolderModel& model : loaded) seen_[model.name] = {model.state, model.state, 0};
  if (period.count() == 0) return;
  thread_ = std::jthread([this, period] {
    std::unique_lock lock(mutex_);
    while (!ending_.wait_for(lock, period, [this] { return ended_; })) {
      lock.unlock();
      look();
      lock.lock();
    }
  });
}

FolderWatch::~FolderWatch() {
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
  }
  ending_.notify_all();
}

/// Without those whose names have models from elsewhere.
std::vector<FolderModel> FolderWatch::models() {
  std::vector<FolderModel> models = models_in(folder_);
  std::erase_if(models, [this](const FolderModel& model) {
    const bool elsewhere = registry_.is_from_elsewhere(model.name, folder_);
    if (elsewhere && skipped_.insert(model.name).second)
      tell_("model " + in_quotes(model.name) + ": is not taken from " + model.path.string() +
            ": the name has a model from elsewhere");
    return elsewhere;
  });
  return models;
}

void FolderWatch::look() {
  std::vector<FolderModel> models;
  try {
    models = this->models();
  } catch (const Error& error) {  // a folder that cannot be read says nothing about its models
    if (failure_ != error.what()) tell_(error.what());
    failure_ = error.what();
    return;
  }
  failure_.clear();
  for (auto& [name, seen] : seen_) ++seen.absent;
  for (const FolderModel& model : models) {
    Seen& seen = seen_[model.name];
    seen.absent = 0;
    if (model.state != seen.tried && model.state == seen.last) load(model, seen);
    seen.last = model.state;
  }
  constexpr int kGone = 2;  // once may be the moment between two renames
  for (const auto& [name, seen] : seen_)
    if (seen.absent == kGone) unload(name);
  std::erase_if(seen_, [](const auto& entry) { return entry.second.absent >= kGone; });
}

void FolderWatch::load(const FolderModel& model, Seen& seen) {
  seen.tried = model.state;
  try {
    registry_.load(model.name, model.path);
    tell_("model " + in_quotes(model.name) + ": loaded from " + model.path.string());
  } catch (const std::exception& error) {
    const char* kept = registry_.is_loaded(model.name) ? ": the old one is kept: " : ": is not served: ";
    tell_("model " + in_quotes(model.name) + kept + error.what());
  }
}

void FolderWatch::unload(const std::string& name) {
  const bool was_loaded = registry_.is_loaded(name);
  registry_.forget(name);
  if (was_loaded) tell_("model " + in_quotes(name) + ": unloaded, its folder is gone");
}

}  // namespace tastevin::serve
