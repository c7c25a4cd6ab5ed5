#pragma once

// What must hold of a request's head before its body is read: two readers that take it for bodies of different lengths
// would take what follows for different requests.

#include <string>

#include <boost/beast/http/fields.hpp>
#include <boost/beast/http/message.hpp>

#include "base/ascii.h"

namespace tastevin::server {

/// Why a request of such a head is refused (RFC 9112, 3.2 and 6.1 to 6.3); empty where it is not.
inline std::string fault_of(const boost::beast::http::request_header<>& head) {
  namespace http = boost::beast::http;
  const bool is_1_1 = head.version() >= 11;
  if (is_1_1 && head.count(http::field::host) != 1) return "header Host: expected one";
  const std::size_t codings = head.count(http::field::transfer_encoding);
  if (codings == 0) return {};
  const bool is_chunked = codings == 1 && ascii::lower(head[http::field::transfer_encoding]) == "chunked";
  if (!is_1_1 || !is_chunked) return "header Transfer-Encoding: expected chunked, alone, of HTTP/1.1";
  return head.count(http::field::content_length) == 0 ? "" : "header Content-Length: expected none beside chunks";
}

}  // namespace tastevin::server
