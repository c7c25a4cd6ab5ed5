#include "base/error.h"
#include "base/files.h"
#include "prepare/hub/repository.h"
#include "prepare/hub/settings.h"
#include "prepare/hub/snapshot.h"
#include "tastevin/hub.h"

namespace tastevin {
namespace {

namespace fs = std::filesystem;

fs::path cached_or_pulled(const std::string& name, const PullOptions& options) {
  const hub::Repository repository = hub::parse_repository(name);
  const hub::Settings settings = hub::settings_of_environment();
  if (auto folder = hub::cached_snapshot(repository, settings)) return *std::move(folder);
  return hub::pull_snapshot(repository, settings, options);
}

}  // namespace

fs::path pull(const std::string& name, const PullOptions& options) {
  return hub::pull_snapshot(hub::parse_repository(name), hub::settings_of_environment(), options);
}

fs::path resolve_model(const std::string& name, const PullOptions& options) {
  if (is_there(name)) return name;
  const std::string no_path = "model " + in_quotes(name, 120) + ": no such file or folder";
  if (!hub::is_repository_id(name.substr(0, name.find('@')))) throw Error(ErrorCode::not_found, no_path);
  try {
    return cached_or_pulled(name, options);
  } catch (const Error& error) {
    throw Error(error.code(), no_path + "; as a Hub id: " + error.what());
  }
}

}  // namespace tastevin
