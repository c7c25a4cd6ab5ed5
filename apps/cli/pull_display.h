#pragma once

// Downloads as people see them, on standard error: a bar with speed on a terminal; elsewhere a line when a file has
// come, and one every few seconds until then.

#include <chrono>
#include <string>

#include "tastevin/hub.h"

namespace tastevin::cli {

class PullDisplay {
 public:
  PullDisplay();
  ~PullDisplay();
  PullDisplay(const PullDisplay&) = delete;
  PullDisplay& operator=(const PullDisplay&) = delete;

  void show(const PullProgress& progress);

 private:
  using Clock = std::chrono::steady_clock;

  void begin(const PullProgress& progress);
  void finish(const PullProgress& progress);
  void draw(const PullProgress& progress);
  void clear_bar();
  double bytes_per_second(const PullProgress& progress) const;

  bool is_terminal_;
  bool has_bar_ = false;
  std::string file_;
  Clock::time_point begin_;
  Clock::time_point shown_;
};

/// Options for `pull` and `resolve_model` that show what happens on `display`, which must outlive them.
PullOptions shown_on(PullDisplay& display);

}  // namespace tastevin::cli
