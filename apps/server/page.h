#pragma once

namespace tastevin::server {

/// page.html with page.css and page.js, which the build puts into the program.
extern const char* const kPage;

}  // namespace tastevin::server
