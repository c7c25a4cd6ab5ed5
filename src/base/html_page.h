#pragma once

// What the pages of reports are made of: no script, nothing to fetch, light or dark as the reader's system has it.

#include <string>
#include <string_view>

namespace tastevin::html {

/// `text` with the characters that mean something in HTML as entities.
std::string escaped(std::string_view text);

/// A whole page. Its drawings may use the classes of the style: `bar` and `kept` for what is shown, `line` and
/// `line other` for curves, `frame`, `ideal` and `name` for what is around it. A mark is `for` or `against`, as strong
/// as its `--share`; a cell of a table `confusion` is as dark as its `--share`.
std::string page(std::string_view title, std::string_view body);

}  // namespace tastevin::html
