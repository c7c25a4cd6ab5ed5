#pragma once

// Lines of a file or of standard input, handed out as soon as they are there: every '\n' ends a line, a final '\r' is
// dropped, a blank line is an empty one. A byte order mark at the start is no part of the first line.

#include <cstddef>
#include <string>
#include <vector>

#include "tastevin/error.h"

namespace tastevin::cli {

class LineReader {
 public:
  /// "-" is standard input. Throws `Error{not_found}`.
  explicit LineReader(const std::string& path);
  ~LineReader();
  LineReader(const LineReader&) = delete;
  LineReader& operator=(const LineReader&) = delete;

  /// The complete lines that are there, some thousand of them at most; waits only while there is none. Empty at the
  /// end. Throws `Error{too_large}` for a line over kMaxLineBytes and `Error{unavailable}` when reading fails.
  std::vector<std::string> next();

 private:
  bool fill();
  bool is_ready() const;
  void wait_until_ready() const;
  void cut_lines(std::vector<std::string>& lines);

  std::string path_;
  int fd_ = -1;
  std::string buffer_;
  std::size_t scanned_ = 0;  // bytes of the buffer known to hold no line end
  bool at_start_ = true;
  bool at_end_ = false;
};

/// Throws `Error{invalid_argument}` unless `command` was given either texts or a file of them.
void check_one_source(const std::string& command, const std::vector<std::string>& texts, const std::string& file);

/// Throws `error` of the text at `place`, from 0 on, with that place: a line of `file` if there is one, or one of
/// `texts`, which a single one needs none to be found among.
[[noreturn]] void refuse_text(const Error& error, std::size_t place, const std::vector<std::string>& texts,
                              const std::string& file);

}  // namespace tastevin::cli
