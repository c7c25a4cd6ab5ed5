#pragma once

// What is written beside its place and is gone again unless it is moved there, so that the place holds all of it or
// nothing: a file, or a folder with what is in it.

#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <string>
#include <system_error>
#include <utility>

namespace tastevin {

/// Tells a draft apart from those of other processes, and from others of this one.
inline std::string draft_mark() {
  static std::atomic<unsigned> number;
  std::string mark = ".";
  mark += std::to_string(::getpid());
  mark += ".";
  return mark += std::to_string(number++);
}

class Draft {
 public:
  /// `mark` tells drafts of one place apart that are written at the same time; without one, a draft that a killed
  /// process left is written over.
  explicit Draft(std::filesystem::path place, const std::string& mark = {})
      : place_(std::move(place)), path_(place_.string() + ".new" + mark) {}
  /// A draft at `path`, which is on the same file system as `place`.
  static Draft at(std::filesystem::path path, std::filesystem::path place) {
    return {std::move(path), std::move(place), At()};
  }
  ~Draft() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Draft(const Draft&) = delete;
  Draft& operator=(const Draft&) = delete;

  const std::filesystem::path& path() const { return path_; }
  const std::filesystem::path& place() const { return place_; }

  /// Gives the reason when it cannot.
  [[nodiscard]] std::error_code move_into_place() const {
    std::error_code reason;
    std::filesystem::rename(path_, place_, reason);
    return reason;
  }

 private:
  struct At {};
  Draft(std::filesystem::path path, std::filesystem::path place, At /*at*/)
      : place_(std::move(place)), path_(std::move(path)) {}

  std::filesystem::path place_;
  std::filesystem::path path_;
};

}  // namespace tastevin
