#include "work/tables/byte_sink.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

#include "base/error.h"
#include "base/last_error.h"
#include "work/tables/arrow_module.h"

namespace tastevin::tables {
namespace {

class FileSink : public ByteSink {
 public:
  explicit FileSink(const std::filesystem::path& file)
      : name_(file == kStandardStream ? "standard output" : file.string()),
        fd_(file == kStandardStream ? ::dup(STDOUT_FILENO)
                                    : ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666)) {
    if (fd_ < 0) fail();
  }
  ~FileSink() override {
    if (fd_ >= 0) ::close(fd_);
  }
  FileSink(const FileSink&) = delete;
  FileSink& operator=(const FileSink&) = delete;

  void write(std::string_view bytes) override {
    while (!bytes.empty()) {
      const ssize_t count = ::write(fd_, bytes.data(), bytes.size());
      if (count < 0 && errno == EINTR) continue;
      if (count < 0 && errno == EAGAIN) {  // a pipe that another program made so
        pollfd output{fd_, POLLOUT, 0};
        ::poll(&output, 1, -1);
        continue;
      }
      if (count < 0) fail();
      bytes.remove_prefix(static_cast<std::size_t>(count));
    }
  }

  void close() override {
    if (::close(std::exchange(fd_, -1)) != 0) fail();
  }

 private:
  [[noreturn]] void fail() const {
    const std::error_code reason = last_error();
    throw Error(ErrorCode::unavailable, name_ + ": cannot be written: " + reason.message());
  }

  std::string name_;
  int fd_;
};

}  // namespace

std::unique_ptr<ByteSink> create(const std::filesystem::path& file, Packing packing) {
  if (packing == Packing::none) return std::make_unique<FileSink>(file);
  static CreatePacked* const create = arrow_module<CreatePacked>(kCreatePacked);
  std::unique_ptr<ByteSink> sink;
  create(file, packing, sink);
  return sink;
}

}  // namespace tastevin::tables
