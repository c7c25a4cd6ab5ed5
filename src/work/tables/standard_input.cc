#include "work/tables/standard_input.h"

#include <poll.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <ios>
#include <vector>

namespace tastevin::tables {
namespace {

std::atomic<bool> left = false;

class StandardInputBuffer : public std::streambuf {
 protected:
  int_type underflow() override {
    const std::ptrdiff_t count = read_standard_input(block_.data(), block_.size());
    if (count < 0) throw std::ios::failure("standard input");
    if (count == 0) return traits_type::eof();
    setg(block_.data(), block_.data(), block_.data() + count);
    return traits_type::to_int_type(block_.front());
  }

 private:
  std::vector<char> block_ = std::vector<char>(std::size_t{1} << 16U);
};

}  // namespace

std::ptrdiff_t read_standard_input(void* bytes, std::size_t count) {
  constexpr int kLookEveryMs = 100;
  while (!left) {
    pollfd input{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0};
    const int ready = ::poll(&input, 1, kLookEveryMs);
    if (ready == 0 || (ready < 0 && errno == EINTR)) continue;
    const ::ssize_t got = ::read(STDIN_FILENO, bytes, count);
    if (got < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    return got;
  }
  return 0;
}

void leave_standard_input() { left = true; }
void begin_standard_input() { left = false; }

std::unique_ptr<std::streambuf> standard_input() { return std::make_unique<StandardInputBuffer>(); }

}  // namespace tastevin::tables
