#include "access_log.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <ctime>
#include <iostream>
#include <random>

#include "base/ascii.h"
#include "base/hex.h"
#include "request_json.h"

namespace tastevin::server {
namespace {

/// What may stand in the log as the client wrote it.
bool is_plain(std::string_view id) {
  return !id.empty() && id.size() <= 64 && std::ranges::all_of(id, [](char c) {
    return ascii::is_alphanumeric(c) || c == '-' || c == '_' || c == '.' || c == ':';
  });
}

/// Version, trace, parent and flags, as W3C's Trace Context has them.
bool is_traceparent(std::string_view text) {
  constexpr std::string_view kForm = "00-00000000000000000000000000000000-0000000000000000-00";
  return text.size() == kForm.size() &&
         std::ranges::equal(text, kForm, [](char c, char form) { return form == '-' ? c == '-' : hex::is_digit(c); });
}

std::string random_id() {
  thread_local std::mt19937_64 dice{std::random_device()()};
  std::string id;
  for (std::uint64_t bits = dice(); id.size() < 16; bits >>= 4U) id += hex::kDigits[bits & 15U];
  return id;
}

/// RFC 3339, in UTC.
std::string now() {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(since).count();
  const auto seconds = static_cast<std::time_t>(ms / 1000);
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  std::array<char, 32> date{};
  const std::size_t size = std::strftime(date.data(), date.size(), "%FT%T", &parts);
  const std::string fraction = std::to_string(1000 + ms % 1000).substr(1);
  return std::string(date.data(), size) + "." + fraction + "Z";
}

}  // namespace

std::string request_id(std::string_view given) { return is_plain(given) ? std::string(given) : random_id(); }

void log_request(const ServerOptions& options, const Logged& request) {
  if (!options.access_log) return;
  AnswerJson line{{"time", now()}, {"id", request.id}, {"method", request.method}, {"route", request.route}};
  line["status"] = request.status;
  line["ms"] = static_cast<float>(request.ms);
  line["bytes_in"] = request.bytes_in;
  line["bytes_out"] = request.bytes_out;
  if (is_traceparent(request.traceparent)) line["traceparent"] = request.traceparent;
  std::clog << dumped(line) + "\n" << std::flush;
}

}  // namespace tastevin::server
