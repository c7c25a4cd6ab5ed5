#pragma once

// One model in the cache that huggingface_hub laid out and shares with us:
//
//   models--org--name/blobs/<etag>                     the bytes of a file
//                     snapshots/<commit>/<file>        -> ../../blobs/<etag>
//                     refs/<revision>                  the commit that a branch or tag stood for
//   .locks/models--org--name/<etag>.lock               held by the one who downloads
//
// What is written appears whole or not at all: beside its place, then renamed.

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tastevin::hub {

class CachedModel {
 public:
  CachedModel(const std::filesystem::path& cache, std::string_view id);

  std::filesystem::path blob(std::string_view etag) const { return folder_ / "blobs" / etag; }
  std::filesystem::path snapshot(std::string_view commit) const { return folder_ / "snapshots" / commit; }
  std::filesystem::path lock(std::string_view etag) const { return locks_ / (std::string(etag) + ".lock"); }

  /// The commit that `revision` stood for when it was last pulled.
  std::optional<std::string> commit_of(std::string_view revision) const;
  /// The files of the commit that are here, by their names in the repository.
  std::vector<std::string> files_of(std::string_view commit) const;

  /// Makes `snapshots/<commit>/<file>` a link to the blob.
  void link(std::string_view commit, const std::string& file, std::string_view etag) const;
  void write_ref(std::string_view revision, std::string_view commit) const;

 private:
  std::filesystem::path draft() const;

  std::filesystem::path folder_;
  std::filesystem::path locks_;
};

/// Makes the folder and those above it. Throws `Error{unavailable}`.
void make_folder(const std::filesystem::path& folder);

}  // namespace tastevin::hub
