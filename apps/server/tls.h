#pragma once

// TLS for HTTP; gRPC, which takes the files itself, has them checked here.

#include <string>

#include <boost/asio/ssl/context.hpp>

namespace tastevin::server {

/// TLS 1.2 and 1.3 with a certificate chain and its key, both PEM. Throws `Error{invalid_argument}` when one is not
/// given, cannot be read, or they do not belong together.
boost::asio::ssl::context tls_context(const std::string& cert, const std::string& key);

}  // namespace tastevin::server
