#pragma once

// A certificate of the test's own.

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "apps/server/server_options.h"

namespace tastevin::server {

/// Options with a certificate for localhost in `folder`, made as an administrator makes one.
inline ServerOptions tls_options(const std::filesystem::path& folder) {
  const std::string cert = (folder / "cert.pem").string();
  const std::string key = (folder / "key.pem").string();
  const std::string command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj " +
                              ("/CN=localhost -keyout " + key) + " -out " + cert + " 2>/dev/null";
  EXPECT_EQ(std::system(command.c_str()), 0) << command;
  ServerOptions options;
  options.tls_cert = cert;
  options.tls_key = key;
  return options;
}

}  // namespace tastevin::server
