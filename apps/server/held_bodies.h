#pragma once

// The bytes of the bodies that a server holds: those of requests that are being read or have no answer yet, over all
// connections. All on one thread.

#include <cstddef>
#include <memory>
#include <utility>

namespace tastevin::server {

class HeldBodies {
 public:
  /// One request's, given back when it ends.
  class Share {
   public:
    Share(std::shared_ptr<HeldBodies> all, std::size_t most) : all_(std::move(all)), most_(most) {}
    ~Share() { all_->bytes_ -= bytes_; }
    Share(const Share&) = delete;
    Share& operator=(const Share&) = delete;

    void grow_to(std::size_t bytes) {
      all_->bytes_ += bytes - bytes_;
      bytes_ = bytes;
    }
    /// Whether all together are over the limit; one request alone always may be held.
    bool is_over() const { return all_->bytes_ > most_ && bytes_ != all_->bytes_; }

   private:
    std::shared_ptr<HeldBodies> all_;
    std::size_t most_;
    std::size_t bytes_ = 0;
  };

 private:
  std::size_t bytes_ = 0;
};

}  // namespace tastevin::server
