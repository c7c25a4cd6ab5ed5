#include "pull_display.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <iostream>

#include "terminal.h"

namespace tastevin::cli {
namespace {

using namespace std::chrono_literals;

constexpr auto kBetweenBars = 100ms;
constexpr auto kBetweenLines = 10s;
constexpr std::size_t kMaxBarWidth = 40;
constexpr std::size_t kBytesForASpeed = 1'000'000;  // a smaller file's time is that of the request

double share(const PullProgress& progress) {
  return progress.size == 0 ? 1 : static_cast<double>(progress.bytes) / static_cast<double>(progress.size);
}

/// " 62 %, 166.0 MB of 268.0 MB, 23.4 MB/s, 5 s left"
std::string numbers(const PullProgress& progress, double speed) {
  std::array<char, 16> percent{};
  std::snprintf(percent.data(), percent.size(), "%3.0f %%", 100 * share(progress));
  std::string text = percent.data();
  text += ", " + human_bytes(progress.bytes) + " of " + human_bytes(progress.size);
  if (speed > 0) {
    text += ", " + human_bytes(static_cast<std::size_t>(speed)) + "/s, " +
            duration(static_cast<double>(progress.size - std::min(progress.size, progress.bytes)) / speed) + " left";
  }
  return text;
}

}  // namespace

PullDisplay::PullDisplay() : is_terminal_(::isatty(STDERR_FILENO) == 1) {}

PullDisplay::~PullDisplay() { clear_bar(); }

void PullDisplay::show(const PullProgress& progress) {
  if (progress.waiting) {
    std::cerr << progress.file << ": waiting for another program that downloads it\n";
    return;
  }
  if (file_ != progress.file) begin(progress);
  if (progress.bytes == progress.size) return finish(progress);
  const Clock::time_point now = Clock::now();
  if (now - shown_ < (is_terminal_ ? Clock::duration(kBetweenBars) : Clock::duration(kBetweenLines))) return;
  shown_ = now;
  draw(progress);
}

void PullDisplay::begin(const PullProgress& progress) {
  file_ = progress.file;
  begin_ = Clock::now();
  shown_ = begin_;
  if (progress.resumed > 0) std::cerr << file_ << ": goes on after the first " << human_bytes(progress.resumed) << "\n";
}

void PullDisplay::finish(const PullProgress& progress) {
  clear_bar();
  std::cerr << file_ << ": " << human_bytes(progress.size);
  const double speed = bytes_per_second(progress);
  if (progress.size >= kBytesForASpeed && speed > 0)
    std::cerr << ", " << human_bytes(static_cast<std::size_t>(speed)) << "/s";
  std::cerr << "\n";
  file_.clear();
}

void PullDisplay::draw(const PullProgress& progress) {
  const std::string text = numbers(progress, bytes_per_second(progress));
  if (!is_terminal_) {
    std::cerr << file_ << ": " << text << "\n";
    return;
  }
  const std::size_t taken = file_.size() + text.size() + 6;
  const std::size_t room = error_columns() > taken ? error_columns() - taken : 0;
  const std::string shown_bar = room >= 10 ? bar(share(progress), std::min(room, kMaxBarWidth)) + " " : "";
  clear_bar();
  const std::string line = file_ + " " + shown_bar + text;
  std::cerr << line.substr(0, error_columns() - 1) << std::flush;
  has_bar_ = true;
}

void PullDisplay::clear_bar() {
  if (has_bar_) std::cerr << "\r\033[K" << std::flush;
  has_bar_ = false;
}

double PullDisplay::bytes_per_second(const PullProgress& progress) const {
  const double seconds = std::chrono::duration<double>(Clock::now() - begin_).count();
  return seconds < 0.001 ? 0 : static_cast<double>(progress.bytes - progress.resumed) / seconds;
}

PullOptions shown_on(PullDisplay& display) {
  return {.progress = [&display](const PullProgress& progress) { display.show(progress); }};
}

}  // namespace tastevin::cli
