#include "classify/runtime/blob_store.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <system_error>
#include <vector>

#include "base/digest.h"
#include "base/draft.h"
#include "base/error.h"

namespace tastevin::runtime {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kMagic = "tastevin blob 1\n";
constexpr std::size_t kTrailer = 128;

std::string trailer_of(std::string_view bytes) {
  std::string trailer = std::string(kMagic) + sha256_of(bytes);
  trailer.resize(kTrailer, '\0');
  return trailer;
}

bool is_whole(std::string_view file) {
  if (file.size() < kTrailer) return false;
  const std::string_view bytes = file.substr(0, file.size() - kTrailer);
  return file.substr(bytes.size()) == trailer_of(bytes);
}

void append(const fs::path& path, const std::function<void(std::ostream&)>& write, std::ios::openmode mode) {
  std::ofstream file(path, std::ios::binary | mode);
  write(file);
  file.close();
  if (file.fail()) throw Error(ErrorCode::unavailable, path.string() + ": cannot be written whole");
}

void write_with_trailer(const fs::path& path, const std::function<void(std::ostream&)>& write) {
  append(path, write, std::ios::trunc);
  const std::string trailer = trailer_of(MappedFile(path).text());
  append(path, [&trailer](std::ostream& file) { file << trailer; }, std::ios::app);
}

struct Kept {
  fs::path path;
  std::uintmax_t size = 0;
  fs::file_time_type used;
};

/// Every blob of the folder, and drafts, which a killed process may have left. The folder may hold what is not ours.
std::vector<Kept> files_in(const fs::path& folder) {
  std::vector<Kept> files;
  for (const auto& entry : fs::directory_iterator(folder)) {
    std::error_code gone;  // another process may be making room too
    if (entry.path().filename().string().find(BlobStore::kEnding) == std::string::npos) continue;
    if (!entry.is_regular_file(gone)) continue;
    const std::uintmax_t size = entry.file_size(gone);
    if (gone) continue;
    const fs::file_time_type used = entry.last_write_time(gone);
    if (!gone) files.push_back({entry.path(), size, used});
  }
  return files;
}

std::string variable(const char* name) {
  const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): we never write the environment
  return value == nullptr ? "" : value;
}

}  // namespace

std::optional<BlobStore::Blob> BlobStore::find(const std::string& key) const {
  const fs::path path = path_of(key);
  std::error_code ignored;
  if (!fs::is_regular_file(path, ignored)) return std::nullopt;
  auto file = std::make_shared<const MappedFile>(path);
  if (!is_whole(file->text())) {
    remove(key);
    throw Error(ErrorCode::bad_checkpoint, path.string() + ": damaged");
  }
  fs::last_write_time(path, fs::file_time_type::clock::now(), ignored);
  const std::size_t size = file->size() - kTrailer;
  return Blob{std::move(file), size};
}

void BlobStore::store(const std::string& key, const std::function<void(std::ostream&)>& write) const {
  try {
    // Whoever can write here can choose our answers.
    if (fs::create_directories(folder_)) fs::permissions(folder_, fs::perms::owner_all);
    const Draft draft(path_of(key), draft_mark());
    write_with_trailer(draft.path(), write);
    if (const std::error_code reason = draft.move_into_place()) throw fs::filesystem_error("rename", reason);
    make_room(path_of(key));
  } catch (const fs::filesystem_error& error) {
    throw Error(ErrorCode::unavailable, folder_.string() + ": cannot be written: " + error.code().message());
  }
}

void BlobStore::remove(const std::string& key) const noexcept {
  std::error_code ignored;
  fs::remove(path_of(key), ignored);
}

void BlobStore::make_room(const fs::path& newest) const {
  std::vector<Kept> files = files_in(folder_);
  std::ranges::sort(files, std::ranges::less{}, &Kept::used);
  std::uintmax_t total = 0;
  for (const Kept& file : files) total += file.size;
  for (const Kept& file : files) {
    if (total <= limit_ || file.path == newest) continue;
    std::error_code ignored;
    if (fs::remove(file.path, ignored)) total -= file.size;
  }
}

fs::path cache_folder(const std::string& asked) {
  if (asked == "none") return {};
  if (!asked.empty()) return asked;
  const std::string caches = variable("XDG_CACHE_HOME");
  if (fs::path(caches).is_absolute()) return fs::path(caches) / "tastevin/compiled";
  const std::string home = variable("HOME");
  return home.empty() ? fs::path() : fs::path(home) / ".cache/tastevin/compiled";
}

}  // namespace tastevin::runtime
