#include "access_log.h"

#include <algorithm>
#include <cctype>
#include <iostream>
#include <random>

#include "request_json.h"

namespace tastevin::server {
namespace {

/// What may stand in the log as the client wrote it.
bool is_plain(std::string_view id) {
  return !id.empty() && id.size() <= 64 && std::ranges::all_of(id, [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '-' || c == '_' || c == '.' || c == ':';
  });
}

std::string random_id() {
  thread_local std::mt19937_64 dice{std::random_device()()};
  constexpr char kDigits[] = "0123456789abcdef";
  std::string id;
  for (std::uint64_t bits = dice(); id.size() < 16; bits >>= 4U) id += kDigits[bits & 15U];
  return id;
}

}  // namespace

std::string request_id(std::string_view given) { return is_plain(given) ? std::string(given) : random_id(); }

void log_request(const ServerOptions& options, const Logged& request) {
  if (!options.access_log) return;
  AnswerJson line{{"id", request.id}, {"method", request.method}, {"route", request.route}};
  line["status"] = request.status;
  line["ms"] = static_cast<float>(request.ms);
  line["bytes_in"] = request.bytes_in;
  line["bytes_out"] = request.bytes_out;
  if (is_plain(request.traceparent)) line["traceparent"] = request.traceparent;
  std::clog << dumped(line) + "\n" << std::flush;
}

}  // namespace tastevin::server
