#include "tls.h"

#include "base/error.h"

namespace tastevin::server {

boost::asio::ssl::context tls_context(const std::string& cert, const std::string& key) {
  namespace ssl = boost::asio::ssl;
  if (cert.empty() || key.empty())
    throw Error(ErrorCode::invalid_argument, "tls: expected both --tls-cert and --tls-key");
  ssl::context context(ssl::context::tls_server);
  context.set_options(ssl::context::default_workarounds | ssl::context::no_sslv2 | ssl::context::no_sslv3 |
                      ssl::context::no_tlsv1 | ssl::context::no_tlsv1_1 | ssl::context::single_dh_use);
  boost::system::error_code error;
  const auto check = [&error](const std::string& file, const char* expected) {
    if (error)
      throw Error(ErrorCode::invalid_argument,
                  "tls: " + in_quotes(file) + ": expected " + expected + ": " + error.message());
  };
  context.use_certificate_chain_file(cert, error);
  check(cert, "a certificate chain in PEM");
  context.use_private_key_file(key, ssl::context::pem, error);
  check(key, "the certificate's private key in PEM");
  return context;
}

}  // namespace tastevin::server
