#include "keywords.h"

#include "errors.h"
#include "options.h"

namespace nb = nanobind;

namespace tastevin::python {

std::string take_column(nb::dict& options) {
  if (!options.contains("column")) return {};
  const nb::object given = options["column"];
  if (PyDict_DelItemString(options.ptr(), "column") != 0) throw nb::python_error();
  return given.is_none() ? std::string() : text_of("column", given);
}

std::unique_ptr<TextReader> open_one_or_more(const nb::object& texts, const std::string& column) {
  if (!is_one_text(texts) || !column.empty()) return open_texts(texts, column);
  nb::list one;
  one.append(texts);
  return open_texts(one, column);
}

std::vector<std::string> strings_of(const nb::object& texts) {
  std::vector<std::string> strings;
  const auto reader = open_one_or_more(texts, {});
  constexpr std::size_t kBlock = 1024;
  for (auto block = reader->next(kBlock); !block.empty(); block = reader->next(kBlock)) {
    for (const Text& text : block) {
      if (text.pair)
        throw Error(ErrorCode::invalid_argument,
                    "texts[" + std::to_string(strings.size()) + "]: expected one text, found a pair");
      strings.emplace_back(text.text);
    }
  }
  return strings;
}

nb::object answer_to(const nb::object& texts, const nb::list& answers) {
  return is_one_text(texts) ? nb::object(answers[0]) : nb::object(answers);
}

}  // namespace tastevin::python
