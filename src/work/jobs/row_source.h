#pragma once

// The rows of a job's files, one after another.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "work/tables/reader.h"

namespace tastevin::jobs {

/// What the columns of several files may be, beside alike in name.
enum class Types : std::uint8_t { any, same };

/// The rows of all files, a part of them at a time: parts are what they are whatever the blocks are in which a file is
/// read.
class RowSource {
 public:
  /// `ending`, when it is not empty, says the form of the files. Throws `Error{invalid_argument}` for files of
  /// different columns, and of different types where they must be the same.
  RowSource(const std::string& input, std::string ending, Types types);

  const std::vector<std::string>& names() const { return names_; }

  /// Leaves out the values of columns that nobody will look at, where a form has each row's own text besides.
  void want(const std::vector<std::size_t>& columns);

  /// The next `count` rows, or fewer where their values reach `bytes`, or at the end of all.
  tables::Rows next(std::size_t count, std::size_t bytes);

  /// Has whoever waits for rows of standard input, on any thread, find its end; a file is read on.
  void leave() const;

  /// Whether `next` has come to the end.
  bool at_end() const { return at_end_; }

  /// About how many rows all files have, judged by how much of them is read; none where that cannot be known.
  std::optional<std::size_t> expected_rows() const;

 private:
  /// Of a file.
  struct Columns {
    std::vector<std::string> names;
    std::string types;
  };

  void name_file(std::vector<std::string>& errors) const;
  bool read_block();
  void open_next();
  void add_names(const std::vector<std::string>& more);
  void check(const std::filesystem::path& file, const Columns& columns) const;
  [[noreturn]] void refuse(const std::filesystem::path& file, const char* what, const std::string& expected,
                           const std::string& found) const;

  std::vector<std::filesystem::path> files_;
  std::string ending_;
  std::size_t next_ = 0;            // the file after the one that is read
  std::vector<std::string> names_;  // of the first file, and so of all; of JSON lines, of any of them
  Types types_;
  std::string first_types_;  // of the first file
  std::unique_ptr<tables::TableReader> reader_;
  std::optional<std::vector<std::size_t>> wanted_;  // of them, where it is not all
  tables::Rows rows_;                               // read, but not given yet
  std::deque<std::size_t> sizes_;                   // of the values of each
  bool at_end_ = false;
  std::size_t rows_read_ = 0;  // of all files
};

/// Reads the part after the one that is worked on.
class PartsAhead {
 public:
  struct Part {
    tables::Rows rows;
    bool is_last = false;
    std::optional<std::size_t> expected_rows;
  };

  PartsAhead(RowSource& source, std::size_t rows_a_part, std::size_t bytes_a_part)
      : source_(source), rows_a_part_(rows_a_part), bytes_a_part_(bytes_a_part), next_(read()) {}
  /// Whatever is still being read is left, however long it would take to come.
  ~PartsAhead();
  PartsAhead(const PartsAhead&) = delete;
  PartsAhead& operator=(const PartsAhead&) = delete;

  /// Whether the next part is there, be it after a while.
  bool is_read_within(std::chrono::milliseconds time) const {
    return next_.wait_for(time) == std::future_status::ready;
  }

  Part take() {
    Part part = next_.get();
    next_ = read();
    return part;
  }

  /// Whether there is nothing more to take; waits until that is known.
  bool at_end();

 private:
  std::future<Part> read();

  RowSource& source_;
  std::size_t rows_a_part_;
  std::size_t bytes_a_part_;
  std::future<Part> next_;
};

}  // namespace tastevin::jobs
