#include "prepare/hub/cache.h"

#include <fstream>
#include <system_error>

#include "base/draft.h"
#include "base/last_error.h"
#include "prepare/hub/repository.h"

namespace tastevin::hub {
namespace {

namespace fs = std::filesystem;

std::string folder_name(std::string_view id) {
  std::string name = "models--";
  for (const char c : id) name += c == '/' ? "--" : std::string(1, c);
  return name;
}

}  // namespace

void make_folder(const fs::path& folder) {
  std::error_code reason;
  fs::create_directories(folder, reason);
  if (reason) fail_with(folder, "cannot be made", reason);
}

CachedModel::CachedModel(const fs::path& cache, std::string_view id)
    : folder_(cache / folder_name(id)), locks_(cache / ".locks" / folder_name(id)) {}

std::optional<std::string> CachedModel::commit_of(std::string_view revision) const {
  if (is_commit(revision)) return std::string(revision);
  std::string commit(40, '\0');
  std::ifstream(folder_ / "refs" / revision, std::ios::binary).read(commit.data(), 40);
  return is_commit(commit) ? std::optional(commit) : std::nullopt;
}

std::vector<std::string> CachedModel::files_of(std::string_view commit) const {
  std::vector<std::string> files;
  const fs::path top = snapshot(commit);
  std::error_code reason;
  for (fs::recursive_directory_iterator entry(top, reason), end; !reason && entry != end; entry.increment(reason)) {
    std::error_code dangling;
    if (fs::is_regular_file(entry->path(), dangling))
      files.push_back(entry->path().lexically_relative(top).generic_string());
  }
  return files;
}

fs::path CachedModel::draft() const { return folder_ / ("tmp_" + draft_mark().substr(1)); }

void CachedModel::link(std::string_view commit, const std::string& file, std::string_view etag) const {
  const fs::path pointer = snapshot(commit) / file;
  make_folder(pointer.parent_path());
  const fs::path target = blob(etag).lexically_relative(pointer.parent_path());
  std::error_code reason;
  if (fs::read_symlink(pointer, reason) == target && !reason) return;
  const Draft link = Draft::at(draft(), pointer);
  fs::create_symlink(target, link.path(), reason);
  if (!reason) reason = link.move_into_place();
  if (reason) fail_with(pointer, "cannot be linked to its blob", reason);
}

void CachedModel::write_ref(std::string_view revision, std::string_view commit) const {
  if (revision == commit) return;
  const fs::path ref = folder_ / "refs" / revision;
  make_folder(ref.parent_path());
  const Draft written = Draft::at(draft(), ref);
  std::ofstream file(written.path(), std::ios::binary);
  file << commit;
  file.close();
  std::error_code reason = file ? std::error_code() : std::make_error_code(std::errc::io_error);
  if (!reason) reason = written.move_into_place();
  if (reason) fail_with(ref, "cannot be written", reason);
}

}  // namespace tastevin::hub
