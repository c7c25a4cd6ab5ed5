#include "work/jobs/parts.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <system_error>
#include <utility>
#include <vector>

#include "base/draft.h"
#include "base/error.h"
#include "base/files.h"
#include "base/last_error.h"
#include "base/text_file.h"
#include "work/tables/byte_sink.h"

namespace tastevin::jobs {
namespace {

namespace fs = std::filesystem;

constexpr char kRows[] = ".part";
constexpr char kMore[] = ".more";
constexpr char kRecord[] = "job.json";
constexpr char kJoined[] = "joined";
constexpr char kNotWritten[] = "cannot be written";

/// Closes `fd` when its bytes, or a folder's names, are on the disk.
std::error_code synced(int fd) {
  const std::error_code reason = ::fsync(fd) == 0 ? std::error_code() : last_error();
  ::close(fd);
  return reason;
}

/// Returns when the folder's names are on the disk, where it may be read and its file system does such a thing.
std::error_code synced_folder(const fs::path& folder) {
  const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return {};
  const std::error_code reason = synced(fd);
  return reason == std::errc::invalid_argument ? std::error_code() : reason;
}

/// Only when the bytes are on the disk does the name appear; when it returns, the name is there too: a power cut leaves
/// no part without what was written before it, and nothing deleted for an output that is not there.
void move_into_place(const Draft& draft) {
  const int fd = ::open(draft.path().c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) fail_with(draft.path(), kNotWritten, last_error());
  if (const std::error_code reason = synced(fd)) fail_with(draft.path(), kNotWritten, reason);
  if (const std::error_code reason = draft.move_into_place()) fail_with(draft.place(), kNotWritten, reason);
  const fs::path folder = draft.place().has_parent_path() ? draft.place().parent_path() : ".";
  if (const std::error_code reason = synced_folder(folder)) fail_with(folder, kNotWritten, reason);
}

void write_whole(const fs::path& path, std::string_view bytes) {
  const Draft draft(path);
  const auto file = tables::create(draft.path(), tables::Packing::none);
  file->write(bytes);
  file->close();
  move_into_place(draft);
}

std::string read_whole(const fs::path& path) { return read_text_file(path, std::string().max_size()); }

/// Where a link leads, be it to nothing.
fs::path target_of(fs::path output) {
  constexpr int kMostLinks = 40;  // as the system has it
  std::error_code none;
  for (int i = 0; i < kMostLinks && fs::is_symlink(fs::symlink_status(output, none)); ++i) {
    const fs::path target = fs::read_symlink(output, none);
    output = target.is_absolute() ? target : output.parent_path() / target;
  }
  return output;
}

/// What would be replaced must be a file: in the place of a device or a pipe nobody would find the rows.
fs::path checked(fs::path output) {
  std::error_code none;
  const fs::file_status there = fs::status(output, none);
  if (!fs::exists(there) || fs::is_regular_file(there)) return output;
  throw Error(ErrorCode::invalid_argument, "output " + in_quotes(output.string(), 200) +
                                               ": expected a file, found something else of that name; - is standard "
                                               "output");
}

/// Whether a run has made a file of this name: the record, a part, the draft of one, or the whole output.
bool is_of_a_run(std::string_view name) {
  if (name.ends_with(".new")) name.remove_suffix(4);
  if (name == kRecord || name == kJoined) return true;
  const std::string_view number = name.substr(0, name.find('.'));
  const std::string_view kind = name.substr(number.size());
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  return number.size() >= 6 && std::ranges::all_of(number, is_digit) && (kind == kRows || kind == kMore);
}

/// A folder of that name may be the user's own.
fs::path of_runs(const fs::path& folder) {
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(folder, none)) {
    const std::string name = entry.path().filename().string();
    if (is_of_a_run(name) || name == PartsLock::kName) continue;
    throw Error(ErrorCode::invalid_argument,
                folder.string() + ": expected the parts of a run that was interrupted, or no such folder, found " +
                    in_quotes(name, 200) + " in it");
  }
  return folder;
}

/// Makes the draft as readable as what it replaces, before anything stands in it.
void take_mode_of_place(const Draft& draft) {
  std::error_code reason;
  const fs::file_status there = fs::status(draft.place(), reason);
  if (!fs::exists(there)) return;
  tables::create(draft.path(), tables::Packing::none)->close();
  if (fs::status(draft.path(), reason).permissions() == there.permissions()) return;
  fs::permissions(draft.path(), there.permissions(), reason);
  if (reason) fail_with(draft.path(), kNotWritten, reason);
}

}  // namespace

Parts::Parts(fs::path output, std::string_view job, Earlier earlier)
    : output_(target_of(checked(std::move(output)))), folder_(output_.string() + ".parts"), lock_(of_runs(folder_)) {
  const fs::path record = folder_ / kRecord;
  if (earlier == Earlier::refused && is_there(record) && read_whole(record) == kNotToBeResumed) remove_parts();
  if (!is_there(record)) {
    remove_parts();  // what a run that was killed while it removed them has left
    write_whole(record, job);
    return;
  }
  if (earlier == Earlier::refused) {
    throw Error(ErrorCode::invalid_argument,
                folder_.string() + ": has parts of an earlier run; go on with the option resume, or delete the folder");
  }
  if (read_whole(record) != job) {
    throw Error(
        ErrorCode::invalid_argument,
        folder_.string() + ": its parts were made with another model, input or other options; delete the folder");
  }
  while (is_there(file(finished_, kRows))) ++finished_;
}

/// And the record of the job, first of all; the lock stays.
void Parts::remove_parts() {
  std::error_code ignored;
  if (fs::remove(folder_ / kRecord, ignored)) ignored = synced_folder(folder_);
  std::vector<fs::path> left;
  for (fs::directory_iterator entry(folder_, ignored), end; !ignored && entry != end; entry.increment(ignored))
    if (is_of_a_run(entry->path().filename().string())) left.push_back(entry->path());
  for (const fs::path& file : left) fs::remove(file, ignored);
}

void Parts::discard() {
  if (!lock_.is_held()) return;  // another run may be at work there
  remove_parts();
  lock_.remove_folder();
}

fs::path Parts::file(std::size_t number, const char* ending) const {
  std::string digits = std::to_string(number);
  digits.insert(0, 6 - std::min<std::size_t>(6, digits.size()), '0');
  return folder_ / (digits + ending);
}

void Parts::add(std::string_view rows, std::string_view more) {
  write_whole(file(finished_, kMore), more);
  write_whole(file(finished_, kRows), rows);
  ++finished_;
}

std::string Parts::more(std::size_t number) const { return read_whole(file(number, kMore)); }

void Parts::join(const std::function<void(const std::vector<fs::path>&, const fs::path&)>& write) {
  std::vector<fs::path> parts;
  parts.reserve(finished_);
  for (std::size_t number = 0; number < finished_; ++number) parts.push_back(file(number, kRows));
  const Draft draft = Draft::at(folder_ / kJoined, output_);
  take_mode_of_place(draft);
  write(parts, draft.path());
  move_into_place(draft);
  discard();
}

}  // namespace tastevin::jobs
