#include "base/mapped_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string>

#include "base/error.h"
#include "base/last_error.h"

namespace tastevin {
namespace {

class Descriptor {
 public:
  // O_NONBLOCK changes nothing for a regular file, but a pipe without a writer would hold us here forever.
  explicit Descriptor(const char* path) : fd_(::open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

}  // namespace

MappedFile::MappedFile(const std::filesystem::path& path) : path_(path) {
  const Descriptor file(path.c_str());
  struct stat info{};
  if (file.get() < 0 || ::fstat(file.get(), &info) != 0) {
    const std::string reason = last_error().message();
    throw Error(ErrorCode::not_found, path.string() + ": cannot be read: " + reason);
  }
  if (!S_ISREG(info.st_mode)) throw Error(ErrorCode::bad_checkpoint, path.string() + ": expected a regular file");
  size_ = static_cast<std::size_t>(info.st_size);
  if (size_ == 0) return;
  void* memory = ::mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, file.get(), 0);
  if (memory == MAP_FAILED) {
    const std::string reason = last_error().message();
    throw Error(ErrorCode::unavailable, path.string() + ": cannot be mapped: " + reason);
  }
  data_ = static_cast<const std::byte*>(memory);
}

MappedFile::~MappedFile() {
  if (data_ != nullptr) ::munmap(const_cast<std::byte*>(data_), size_);
}

void MappedFile::release_pages() const noexcept {
  if (data_ != nullptr) ::madvise(const_cast<std::byte*>(data_), size_, MADV_DONTNEED);
}

}  // namespace tastevin
