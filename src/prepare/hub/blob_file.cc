#include "prepare/hub/blob_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/last_error.h"

namespace tastevin::hub {
namespace {

constexpr std::size_t kChunkBytes = std::size_t{1} << 20U;

std::filesystem::path incomplete(std::filesystem::path blob) { return blob += ".incomplete"; }

}  // namespace

BlobFile::BlobFile(std::filesystem::path blob, std::string etag, std::size_t size, std::string name)
    : blob_(std::move(blob)),
      etag_(std::move(etag)),
      size_(size),
      name_(std::move(name)),
      digest_(digest_of_etag(etag_, size_)),
      fd_(::open(incomplete(blob_).c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666)) {
  if (fd_ < 0) fail("cannot be written");
  try {
    read_what_is_there();
  } catch (...) {
    ::close(fd_);
    throw;
  }
}

BlobFile::~BlobFile() { ::close(fd_); }

void BlobFile::fail(const char* what) const {
  const std::error_code reason = last_error();
  throw Error(ErrorCode::unavailable, incomplete(blob_).string() + ": " + what + ": " + reason.message());
}

void BlobFile::read_what_is_there() {
  struct stat info{};
  if (::fstat(fd_, &info) != 0) fail("cannot be read");
  if (std::cmp_greater(info.st_size, size_)) return start_over();
  std::vector<char> chunk(kChunkBytes);
  for (ssize_t count = 1; count > 0; written_ += static_cast<std::size_t>(count)) {
    count = ::read(fd_, chunk.data(), chunk.size());
    if (count < 0) fail("cannot be read");
    if (digest_) digest_->update({chunk.data(), static_cast<std::size_t>(count)});
  }
}

void BlobFile::start_over() {
  if (::ftruncate(fd_, 0) != 0 || ::lseek(fd_, 0, SEEK_SET) != 0) fail("cannot be emptied");
  digest_ = digest_of_etag(etag_, size_);
  written_ = 0;
}

void BlobFile::append(std::string_view bytes) {
  if (bytes.size() > size_ - written_) {
    throw Error(ErrorCode::bad_checkpoint,
                "file " + in_quotes(name_) + ": the Hub sends more than its " + std::to_string(size_) + " bytes");
  }
  while (!bytes.empty()) {
    const ssize_t count = ::write(fd_, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail("cannot be written");
    const auto taken = static_cast<std::size_t>(count);
    if (digest_) digest_->update(bytes.substr(0, taken));
    written_ += taken;
    bytes.remove_prefix(taken);
  }
}

bool BlobFile::publish() {
  if (digest_ && digest_->hex() != etag_) {
    start_over();
    return false;
  }
  // Without this, a power cut after the renaming could leave a name without its bytes.
  if (::fdatasync(fd_) != 0) fail("cannot be written");
  if (::rename(incomplete(blob_).c_str(), blob_.c_str()) != 0) fail("cannot be renamed");
  return true;
}

}  // namespace tastevin::hub
