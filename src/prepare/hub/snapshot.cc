#include "prepare/hub/snapshot.h"

#include <algorithm>

#include "base/error.h"
#include "base/file_lock.h"
#include "base/files.h"
#include "base/mapped_file.h"
#include "prepare/hub/blob_file.h"
#include "prepare/hub/cache.h"
#include "prepare/hub/hub_client.h"
#include "prepare/hub/needed_files.h"

namespace tastevin::hub {
namespace {

namespace fs = std::filesystem;

using Names = std::vector<std::string>;

Names shards_in(const fs::path& index) { return shards_of(MappedFile(index).text(), index.string()); }

std::size_t size_or_zero(const fs::path& file) {
  std::error_code absent;
  const auto size = fs::file_size(file, absent);
  return absent ? 0 : static_cast<std::size_t>(size);
}

std::size_t missing_bytes(const CachedModel& cache, const RemoteFile& file) {
  return file.size - std::min(file.size, size_or_zero(cache.blob(file.etag + ".incomplete")));
}

/// One pull: the list of files at its commit, then those that are not here.
class Pull {
 public:
  Pull(const Repository& repository, const Settings& settings, const PullOptions& options)
      : repository_(repository),
        cache_(settings.cache, repository.id),
        client_(settings, repository),
        revision_(client_.revision()),
        options_(options) {}

  fs::path run() {
    const NeededFiles needed = needed_files(revision_.files);
    check_needed(needed, revision_.files, "model " + in_quotes(repository_.id, 120));
    fetch(needed.small);
    fetch(needed.index.empty() ? needed.weights : listed_shards(folder() / needed.index));
    // Only now: a pull that is interrupted leaves the revision that was here before.
    cache_.write_ref(repository_.revision, revision_.commit);
    return folder();
  }

 private:
  fs::path folder() const { return cache_.snapshot(revision_.commit); }

  Names listed_shards(const fs::path& index) const {
    Names shards = shards_in(index);
    for (const std::string& shard : shards) {
      if (std::ranges::find(revision_.files, shard) == revision_.files.end())
        throw Error(ErrorCode::bad_checkpoint, index.string() + ": the repository has no file " + in_quotes(shard));
    }
    return shards;
  }

  /// Links come after the last download: whoever finds one of `files` in the folder finds them all.
  void fetch(const Names& files) {
    std::vector<RemoteFile> unlinked;
    for (const std::string& file : files) {
      if (!is_there(folder() / file)) unlinked.push_back(client_.describe(revision_.commit, file));
    }
    std::vector<RemoteFile> absent;
    std::ranges::copy_if(unlinked, std::back_inserter(absent),
                         [this](const RemoteFile& file) { return !is_here(file); });
    check_space(absent);
    for (const RemoteFile& file : absent) download(file);
    for (const RemoteFile& file : unlinked) cache_.link(revision_.commit, file.name, file.etag);
  }

  bool is_here(const RemoteFile& file) const {
    const fs::path blob = cache_.blob(file.etag);
    return is_there(blob) && size_or_zero(blob) == file.size;
  }

  void check_space(const std::vector<RemoteFile>& files) const {
    if (files.empty()) return;
    const fs::path blobs = cache_.blob("");
    make_folder(blobs);
    std::size_t needed = 0;
    for (const RemoteFile& file : files) needed += missing_bytes(cache_, file);
    std::error_code unknown;
    const auto space = fs::space(blobs, unknown);
    if (!unknown && space.available < needed) {
      throw Error(ErrorCode::unavailable, blobs.parent_path().string() + ": the download needs " +
                                              std::to_string(needed) + " bytes, the disk has " +
                                              std::to_string(space.available) + " left");
    }
  }

  void tell(const PullProgress& progress) const {
    if (options_.progress) options_.progress(progress);
  }

  void download(const RemoteFile& file) {
    const auto tell_waiting = [&] { tell({.file = file.name, .size = file.size, .waiting = true}); };
    const FileLock lock(cache_.lock(file.etag), tell_waiting);
    if (is_here(file)) return;  // another has brought it meanwhile
    BlobFile blob(cache_.blob(file.etag), file.etag, file.size, file.name);
    const bool resumed = blob.written() > 0;
    receive(file, blob);
    if (blob.publish()) return;
    // The part that was here may have been the wrong one.
    if (resumed) receive(file, blob);
    if (!resumed || !blob.publish()) {
      throw Error(ErrorCode::bad_checkpoint, "model " + in_quotes(repository_.id, 120) + ": what arrived of file " +
                                                 in_quotes(file.name) + " has another checksum than its ETag " +
                                                 file.etag + "; its .incomplete file was emptied");
    }
  }

  void receive(const RemoteFile& file, BlobFile& blob) {
    const std::size_t resumed = blob.written();
    const auto tell_bytes = [&] {
      tell({.file = file.name,
            .bytes = blob.written(),
            .size = file.size,
            .resumed = std::min(resumed, blob.written())});
    };
    tell_bytes();
    client_.download(revision_.commit, file, blob, tell_bytes);
  }

  const Repository& repository_;
  CachedModel cache_;
  HubClient client_;
  Revision revision_;
  const PullOptions& options_;
};

}  // namespace

std::optional<fs::path> cached_snapshot(const Repository& repository, const Settings& settings) {
  const CachedModel cache(settings.cache, repository.id);
  const auto commit = cache.commit_of(repository.revision);
  if (!commit) return std::nullopt;
  const Names files = cache.files_of(*commit);
  const NeededFiles present = needed_files(files);
  if (!is_complete(present)) return std::nullopt;
  fs::path folder = cache.snapshot(*commit);
  if (!present.index.empty()) {
    const auto is_present = [&](const std::string& shard) { return std::ranges::find(files, shard) != files.end(); };
    if (!std::ranges::all_of(shards_in(folder / present.index), is_present)) return std::nullopt;
  }
  return folder;
}

fs::path pull_snapshot(const Repository& repository, const Settings& settings, const PullOptions& options) {
  // A commit never changes, so its copy needs no question to the Hub.
  if (settings.offline || is_commit(repository.revision)) {
    if (auto folder = cached_snapshot(repository, settings)) return *std::move(folder);
  }
  if (settings.offline) {
    throw Error(ErrorCode::not_found, settings.cache.string() + " has no complete copy of model " +
                                          in_quotes(repository.id, 120) + " at " + in_quotes(repository.revision) +
                                          ", and HF_HUB_OFFLINE forbids to ask the Hub");
  }
  return Pull(repository, settings, options).run();
}

}  // namespace tastevin::hub
