#pragma once

// The connections of a server, and which of them can go when there is no place for another: those that wait for a
// request, the one that has waited longest first. All on one thread.

#include <cstddef>
#include <functional>
#include <memory>
#include <utility>

#include <boost/intrusive/list.hpp>

namespace tastevin::server {

class OpenConnections {
  using Hook = boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>>;

 public:
  /// One connection's, as long as it lives; it may outlive the server. It is at work at first.
  class Place : public Hook {
   public:
    /// `close` ends the connection's wait.
    Place(std::shared_ptr<OpenConnections> all, std::function<void()> close)
        : all_(std::move(all)), close_(std::move(close)) {
      ++all_->count_;
    }
    ~Place() { give_up(); }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;

    void wait() {
      if (held_ && !is_linked()) all_->waiting_.push_back(*this);
    }
    void work() { unlink_if_linked(); }

   private:
    friend class OpenConnections;

    void unlink_if_linked() {
      if (is_linked()) unlink();
    }
    void give_up() {
      if (held_) --all_->count_;
      held_ = false;
    }

    std::shared_ptr<OpenConnections> all_;
    std::function<void()> close_;
    bool held_ = true;
  };

  /// Without those that were asked to go.
  std::size_t count() const { return count_; }

  /// Asks the connection that has waited longest to go; returns false when all are at work.
  bool make_room() {
    if (waiting_.empty()) return false;
    Place& place = waiting_.front();
    waiting_.pop_front();
    place.give_up();
    place.close_();
    return true;
  }

 private:
  std::size_t count_ = 0;
  boost::intrusive::list<Place, boost::intrusive::constant_time_size<false>> waiting_;
};

}  // namespace tastevin::server
