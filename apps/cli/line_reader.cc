#include "line_reader.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "base/error.h"
#include "base/last_error.h"
#include "base/text_file.h"
#include "base/utf8.h"

namespace tastevin::cli {
namespace {

constexpr std::size_t kReadBytes = std::size_t{256} << 10U;
constexpr std::size_t kLinesAtOnce = 4096;

std::string without_return(std::string line) {
  if (line.ends_with('\r')) line.pop_back();
  return line;
}

}  // namespace

LineReader::LineReader(const std::string& path) : path_(path == "-" ? "standard input" : path) {
  fd_ = path == "-" ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd_ < 0) throw Error(ErrorCode::not_found, path_ + ": cannot be read: " + last_error().message());
}

LineReader::~LineReader() {
  if (fd_ > STDIN_FILENO) ::close(fd_);
}

std::vector<std::string> LineReader::next() {
  std::vector<std::string> lines;
  while (!at_end_ && lines.size() < kLinesAtOnce && (lines.empty() || is_ready())) {
    at_end_ = !fill();
    cut_lines(lines);
    if (at_end_ && !buffer_.empty()) lines.push_back(without_return(std::exchange(buffer_, {})));
  }
  return lines;
}

bool LineReader::is_ready() const {
  pollfd input{fd_, POLLIN, 0};
  return ::poll(&input, 1, 0) > 0;
}

void LineReader::wait_until_ready() const {
  pollfd input{fd_, POLLIN, 0};
  ::poll(&input, 1, -1);
}

bool LineReader::fill() {
  if (buffer_.size() > kMaxLineBytes) {
    throw Error(ErrorCode::too_large, path_ + ": a line of more than " + std::to_string(kMaxLineBytes) + " bytes");
  }
  const std::size_t before = buffer_.size();
  buffer_.resize(before + kReadBytes);
  ssize_t got = 0;
  for (bool again = true; again;) {
    got = ::read(fd_, buffer_.data() + before, kReadBytes);
    const int reason = got < 0 ? errno : 0;
    if (reason == EAGAIN) wait_until_ready();  // a pipe that another program made so
    again = reason == EINTR || reason == EAGAIN;
  }
  buffer_.resize(before + static_cast<std::size_t>(got < 0 ? 0 : got));
  if (got < 0 && errno == EISDIR) throw Error(ErrorCode::invalid_argument, path_ + ": expected a file, found a folder");
  if (got < 0) throw Error(ErrorCode::unavailable, path_ + ": cannot be read: " + last_error().message());
  const bool may_be_mark = utf8::kByteOrderMark.starts_with(buffer_) && buffer_ != utf8::kByteOrderMark;
  if (at_start_ && !may_be_mark) {
    if (utf8::is_utf16(buffer_)) throw Error(ErrorCode::invalid_argument, path_ + ": " + utf8::kNotUtf16);
    if (buffer_.starts_with(utf8::kByteOrderMark)) buffer_.erase(0, utf8::kByteOrderMark.size());
    at_start_ = false;
  }
  return got > 0;
}

void LineReader::cut_lines(std::vector<std::string>& lines) {
  std::size_t begin = 0;
  for (std::size_t end = buffer_.find('\n', scanned_); end != std::string::npos; end = buffer_.find('\n', begin)) {
    lines.push_back(without_return(buffer_.substr(begin, end - begin)));
    begin = end + 1;
  }
  buffer_.erase(0, begin);
  scanned_ = buffer_.size();
}

void check_one_source(const std::string& command, const std::vector<std::string>& texts, const std::string& file) {
  if (texts.empty() != file.empty()) return;
  throw Error(ErrorCode::invalid_argument,
              command + (file.empty() ? ": no text; expected TEXT or --file F (- is standard input)"
                                      : ": expected TEXT or --file, found both"));
}

void refuse_text(const Error& error, std::size_t place, const std::vector<std::string>& texts,
                 const std::string& file) {
  if (texts.size() == 1) throw error;
  const std::string where = (file.empty() ? "text " : "line ") + std::to_string(place + 1);
  throw Error(error.code(), where + ": " + error.what());
}

}  // namespace tastevin::cli
