#pragma once

// A commit's files as a folder of the cache: found there, or brought there.

#include <filesystem>
#include <optional>

#include "prepare/hub/repository.h"
#include "prepare/hub/settings.h"
#include "tastevin/hub.h"

namespace tastevin::hub {

/// The folder in the cache when it has all that a classifier needs; asks no Hub.
std::optional<std::filesystem::path> cached_snapshot(const Repository& repository, const Settings& settings);

/// `pull` with settings of one's own.
std::filesystem::path pull_snapshot(const Repository& repository, const Settings& settings, const PullOptions& options);

}  // namespace tastevin::hub
