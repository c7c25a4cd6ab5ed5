// An explanation as JSON and as a page.

#include <algorithm>
#include <cmath>

#include "base/decimal.h"
#include "base/html_page.h"
#include "base/json.h"
#include "base/utf8.h"
#include "tastevin/explain.h"

namespace tastevin {
namespace {

float strongest(const Explanation& explanation) {
  float most = 0;
  for (const Effect& effect : explanation.effects) most = std::max(most, std::abs(effect.effect));
  return most;
}

std::string coloured(const Effect& effect, float most) {
  const float share = most > 0 ? std::abs(effect.effect) / most : 0;
  std::string span = "<mark class=\"";
  span += effect.effect < 0 ? "against" : "for";
  return span + "\" style=\"--share: " + decimal(100.0 * static_cast<double>(share), 0) + "%\" title=\"" +
         decimal(static_cast<double>(effect.effect), 3) + "\">" + html::escaped(effect.text) + "</mark>";
}

/// The text with its parts marked; what lies between them, blanks mostly, stays as it is.
std::string marked(const Explanation& explanation) {
  const float most = strongest(explanation);
  const std::string_view text = explanation.text;
  std::string out;
  std::size_t at = 0;     // bytes
  std::size_t place = 0;  // code points
  const auto up_to = [&](std::size_t end) {
    const std::size_t begin = at;
    for (; place < end && at < text.size(); ++place) at += utf8::decode(text, at).length;
    return text.substr(begin, at - begin);
  };
  for (const Effect& effect : explanation.effects) {
    out += html::escaped(up_to(effect.begin));
    up_to(effect.end);
    out += coloured(effect, most);
  }
  return out + html::escaped(text.substr(at));
}

}  // namespace

std::string to_json(const Explanation& explanation) {
  AnswerJson json{{"text", explanation.text},   {"label", explanation.label},         {"score", explanation.score},
                  {"logit", explanation.logit}, {"truncated", explanation.truncated}, {"effects", AnswerJson::array()}};
  for (const Effect& effect : explanation.effects) {
    json["effects"].push_back(
        {{"begin", effect.begin}, {"end", effect.end}, {"text", effect.text}, {"effect", effect.effect}});
  }
  return dumped(json);
}

std::string to_html(std::span<const Explanation> explanations) {
  std::string body =
      "<h1>What the answers rest on</h1>\n<p>The stronger the colour, the more the answer's logit moves when the words "
      "are taken out: <mark class=\"for\" style=\"--share: 100%\">for it</mark> or <mark class=\"against\" "
      "style=\"--share: 100%\">against it</mark>.</p>\n";
  for (const Explanation& explanation : explanations) {
    body += "<h2>" + html::escaped(explanation.label) + " " + decimal(static_cast<double>(explanation.score), 4) +
            "</h2>\n<p class=\"explained\">" + marked(explanation) + "</p>\n";
    if (explanation.truncated) body += "<p class=\"warning\">The text was cut to fit.</p>\n";
  }
  return html::page("Explanation", body);
}

}  // namespace tastevin
