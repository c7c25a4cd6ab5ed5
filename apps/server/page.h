#pragma once

// The page at /, as one string that needs nothing from elsewhere.

namespace tastevin::server {

/// page.html with page.css and page.js, which the build puts into the program.
extern const char* const kPage;

}  // namespace tastevin::server
