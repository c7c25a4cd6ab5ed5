#pragma once

// Models of the Hugging Face Hub as local folders. They are kept in the standard cache, so that Python programs find
// what was pulled here and the other way round. The environment decides as it does for them: HF_ENDPOINT, HF_TOKEN,
// HF_HOME, HF_HUB_CACHE, HF_HUB_OFFLINE. Safe to call from many threads and processes at once.
//
//   const auto folder = tastevin::pull("distilbert-base-uncased-finetuned-sst-2-english");
//   const auto classifier = tastevin::Classifier::load(folder);

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

namespace tastevin {

/// How far the download of one file has come.
struct PullProgress {
  std::string_view file;    ///< its name in the repository; valid during the call
  std::size_t bytes = 0;    ///< bytes that are here, an earlier download's included
  std::size_t size = 0;     ///< bytes of the whole file
  std::size_t resumed = 0;  ///< those of `bytes` that an earlier download had left
  bool waiting = false;     ///< another process downloads this file, and we wait for it
};

struct PullOptions {
  /// Called in the calling thread when a file's download begins, after each piece of it, and at its end. What it throws
  /// ends the call; what has come so far is kept and resumed by the next one.
  std::function<void(const PullProgress&)> progress;
};

/// Brings the files that a classifier needs into the cache and returns their folder. `name` is `ID` or `ID@REVISION`
/// (a branch, a tag or a commit; `main` when there is none). Files that are there already are not fetched again.
/// Throws `Error{invalid_argument}` for a name that cannot be an id, `Error{not_found}` when the Hub has no such model,
/// revision or file, `Error{unauthorized}` for a gated model or a refused token, `Error{unsupported_model}` when the
/// repository has nothing that we read, `Error{bad_checkpoint}` when what arrived differs from its checksum, and
/// `Error{unavailable}` for network, Hub or disk.
std::filesystem::path pull(const std::string& name, const PullOptions& options = {});

/// The folder (or file) of the model that a user calls `name`: a path that exists wins; else `name` is a Hub id, whose
/// complete copy in the cache is taken as it is, and which is pulled when there is none. Throws as `pull` does.
std::filesystem::path resolve_model(const std::string& name, const PullOptions& options = {});

}  // namespace tastevin
