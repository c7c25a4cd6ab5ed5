#include "work/jobs/parts.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <system_error>
#include <vector>

#include "base/error.h"

namespace tastevin::jobs {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const fs::path& path, const char* what) {
  const std::error_code reason(errno, std::generic_category());
  throw Error(ErrorCode::unavailable, path.string() + ": " + what + ": " + reason.message());
}

/// A file that is gone again unless it is moved to its place.
class Draft {
 public:
  explicit Draft(const fs::path& place)
      : place_(place),
        draft_(place.string() + ".new"),
        fd_(::open(draft_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666)) {
    if (fd_ < 0) fail(draft_, "cannot be written");
  }
  ~Draft() {
    if (fd_ >= 0) ::close(fd_);
    std::error_code ignored;
    fs::remove(draft_, ignored);
  }
  Draft(const Draft&) = delete;
  Draft& operator=(const Draft&) = delete;

  void append(std::string_view bytes) const {
    while (!bytes.empty()) {
      const ssize_t count = ::write(fd_, bytes.data(), bytes.size());
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) fail(draft_, "cannot be written");
      bytes.remove_prefix(static_cast<std::size_t>(count));
    }
  }

  /// Only when the bytes are on the disk does the name appear.
  void move_into_place() {
    if (::fdatasync(fd_) != 0) fail(draft_, "cannot be written");
    if (::rename(draft_.c_str(), place_.c_str()) != 0) fail(place_, "cannot be written");
  }

 private:
  fs::path place_;
  fs::path draft_;
  int fd_;
};

void write_whole(const fs::path& path, std::string_view bytes) {
  Draft draft(path);
  draft.append(bytes);
  draft.move_into_place();
}

std::string read_whole(const fs::path& path) {
  std::ostringstream bytes;
  bytes << std::ifstream(path, std::ios::binary).rdbuf();
  return bytes.str();
}

}  // namespace

Parts::Parts(fs::path output, std::string_view job, bool resume)
    : output_(std::move(output)), folder_(output_.string() + ".parts") {
  const fs::path record = folder_ / "job.json";
  if (!fs::exists(record)) {
    std::error_code error;
    fs::create_directory(folder_, error);
    if (error) throw Error(ErrorCode::unavailable, folder_.string() + ": cannot be made: " + error.message());
    write_whole(record, job);
    return;
  }
  if (!resume) {
    throw Error(ErrorCode::invalid_argument,
                folder_.string() + ": has parts of an earlier run; go on with --resume, or delete the folder");
  }
  if (read_whole(record) != job) {
    throw Error(
        ErrorCode::invalid_argument,
        folder_.string() + ": its parts were made with another model, input or other options; delete the folder");
  }
  while (fs::exists(part(finished_))) ++finished_;
}

fs::path Parts::part(std::size_t number) const {
  std::string digits = std::to_string(number);
  digits.insert(0, 6 - std::min<std::size_t>(6, digits.size()), '0');
  return folder_ / (digits + ".part");
}

void Parts::add(std::string_view rows) { write_whole(part(finished_++), rows); }

void Parts::join(std::string_view head) {
  {
    Draft draft(output_);
    draft.append(head);
    std::vector<char> chunk(std::size_t{1} << 20U);
    for (std::size_t number = 0; number < finished_; ++number) {
      std::ifstream rows(part(number), std::ios::binary);
      while (rows.read(chunk.data(), static_cast<std::streamsize>(chunk.size())) || rows.gcount() > 0)
        draft.append({chunk.data(), static_cast<std::size_t>(rows.gcount())});
    }
    draft.move_into_place();
  }
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

}  // namespace tastevin::jobs
