#pragma once

// HTTP requests with libcurl, one at a time over connections that are kept. Redirects are followed here and not by
// libcurl, because each one is a decision: the token goes to the endpoint's own origin and nowhere else, and https
// never becomes http. One session belongs to one thread.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "prepare/hub/settings.h"

namespace tastevin::hub {

enum class Method : std::uint8_t { head, get };

/// How an exchange ended before its end.
enum class Broken : std::uint8_t {
  no,
  unreachable,  // no connection came about; asking again at once is pointless
  interrupted,  // the connection was lost or fell silent; asking again may help
};

struct Response {
  std::string url;  // that answered, after redirects
  long status = 0;
  std::map<std::string, std::string, std::less<>> headers;  // names in lower case
  std::string body;                                         // empty when a receiver took it
  Broken broken = Broken::no;
  std::string reason;  // why it is broken

  /// The header's value, or "" when it is absent.
  std::string_view header(std::string_view name) const;
  bool is_success() const { return broken == Broken::no && (status == 200 || status == 206); }
};

/// Takes the body of a successful answer piece by piece; what it throws ends the exchange and reaches the caller.
using Receiver = std::function<void(const Response& head, std::string_view piece)>;

struct Request {
  Method method = Method::get;
  std::string url;
  std::size_t from = 0;                 // first byte wanted
  std::size_t body_limit = 64U << 10U;  // of a body that is kept in memory; failures' bodies are cut
};

class HttpSession {
 public:
  explicit HttpSession(const Settings& settings);
  ~HttpSession();
  HttpSession(const HttpSession&) = delete;
  HttpSession& operator=(const HttpSession&) = delete;

  /// Sends once, follows redirects. A HEAD request ends at the first answer that describes the file (X-Linked-Etag).
  /// Network failures are in `Response::broken`. Throws `Error{unavailable}` for redirects without end or to an address
  /// that is refused and `Error{too_large}` for a body over the limit.
  Response send(const Request& request, const Receiver& receiver = {});

  /// "https://huggingface.co" of an address: scheme, host and port, which are all that it may be shown as.
  static std::string origin_of(const std::string& url);

 private:
  struct Handle;
  Response exchange(const Request& request, const Receiver& receiver);
  std::string redirect_target(const Response& response) const;

  const Settings& settings_;
  std::string origin_;
  std::unique_ptr<Handle> handle_;
};

}  // namespace tastevin::hub
