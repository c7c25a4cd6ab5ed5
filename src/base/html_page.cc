#include "base/html_page.h"

namespace tastevin::html {
namespace {

constexpr std::string_view kStyle = R"(
:root { color-scheme: light dark; --ink: #1c2127; --paper: #fff; --faint: #5f6b7a; --line: #d5dbe3; --bar: #2b6cb0;
  --kept: #c05621; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e9ee; --paper: #14181d; --faint: #9aa7b6; --line: #333c47; --bar: #63a4e0; --kept: #ed8936; }
}
body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 52rem;
  margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.4rem; }
h2 { font-size: 1.1rem; margin-top: 2rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .35rem .6rem; border-bottom: 1px solid var(--line);
  font-variant-numeric: tabular-nums; }
td:last-child { overflow-wrap: anywhere; }
th { font-weight: 500; color: var(--faint); }
.warning { border-left: 4px solid var(--kept); padding-left: .8rem; }
.confusion { width: auto; }
.confusion td { text-align: right; background: color-mix(in srgb, var(--bar) calc(var(--share) * .6), var(--paper)); }
svg { width: 100%; height: auto; }
svg.square { max-width: 24rem; }
svg text { font-size: 12px; fill: var(--ink); }
svg .name { text-anchor: end; fill: var(--faint); }
.bar { fill: var(--bar); }
.kept { fill: var(--kept); }
.frame { fill: none; stroke: var(--line); }
.line { fill: none; stroke: var(--bar); stroke-width: 2; }
.line.other { stroke: var(--kept); }
mark { color: inherit; background: none; border-radius: 3px; }
mark.for { background: color-mix(in srgb, #38a169 calc(var(--share) * .7), var(--paper)); }
mark.against { background: color-mix(in srgb, #e53e3e calc(var(--share) * .7), var(--paper)); }
.explained { white-space: pre-wrap; overflow-wrap: anywhere; }
.ideal { stroke: var(--faint); stroke-dasharray: 4 4; }
.key { padding: 0 .5rem; color: #fff; border-radius: 3px; background: #2b6cb0; }
.key.kept { background: #c05621; }
)";

}  // namespace

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '&':
        out += "&amp;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string page(std::string_view title, std::string_view body) {
  return "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
         "content=\"width=device-width\">\n<title>" +
         escaped(title) + "</title>\n<style>" + std::string(kStyle) + "</style>\n" + std::string(body) + "</html>\n";
}

}  // namespace tastevin::html
