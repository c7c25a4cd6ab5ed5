#pragma once

namespace tastevin::server {

/// page.html, which the build puts into the program.
extern const char* const kPage;

}  // namespace tastevin::server
