#include "text_reader.h"

#include <string_view>

#include "arrow_reader.h"
#include "errors.h"
#include "gil.h"
#include "options.h"

namespace nb = nanobind;

namespace tastevin::python {
namespace {

constexpr char kItem[] = "a str, a pair (text, text_pair) or a dict with 'text'";

/// Of a str, the UTF-8 that Python keeps with it (for ASCII the str itself).
std::string_view view_of(nb::handle item, const std::string& name, const char* expected) {
  if (PyUnicode_Check(item.ptr()) != 0) {
    Py_ssize_t size = 0;
    const char* bytes = PyUnicode_AsUTF8AndSize(item.ptr(), &size);
    if (bytes != nullptr) return {bytes, static_cast<std::size_t>(size)};
    if (PyErr_ExceptionMatches(PyExc_UnicodeError) == 0) throw nb::python_error();
    PyErr_Clear();
    refuse(name, "text, which has no lone surrogates", item);
  }
  if (PyBytes_Check(item.ptr()) != 0)
    return {PyBytes_AS_STRING(item.ptr()), static_cast<std::size_t>(PyBytes_GET_SIZE(item.ptr()))};
  refuse(name, expected, item);
}

Text pair_of(nb::handle first, nb::handle second, const std::string& name, std::vector<nb::object>& kept) {
  kept.push_back(nb::borrow(first));
  const std::string_view text = view_of(first, name + "[0]", "a str");
  if (second.is_none()) return {text};
  kept.push_back(nb::borrow(second));
  return {text, view_of(second, name + "[1]", "a str")};
}

Text from_dict(const nb::dict& item, const std::string& name, std::vector<nb::object>& kept) {
  const bool has_pair = item.contains("text_pair");
  if (!item.contains("text") || item.size() != (has_pair ? 2 : 1)) {
    throw Error(ErrorCode::invalid_argument, name + ": expected the keys 'text' and, of a pair, 'text_pair', found " +
                                                 repr_of(nb::list(item.keys())));
  }
  const nb::object second = has_pair ? nb::object(item["text_pair"]) : nb::none();
  return pair_of(nb::object(item["text"]), second, name, kept);
}

/// Python's word for what an object cannot do; any other error is the caller's to see.
void clear_type_error() {
  if (PyErr_ExceptionMatches(PyExc_TypeError) == 0) throw nb::python_error();
  PyErr_Clear();
}

/// Anything that Python can iterate over.
class IteratorReader final : public TextReader {
 public:
  explicit IteratorReader(nb::handle texts) : size_(length_of(texts)) {
    iterator_ = nb::steal(in_python([&] { return PyObject_GetIter(texts.ptr()); }));
    if (!iterator_.is_valid()) {
      clear_type_error();
      refuse("texts", "a str, or several texts", texts);
    }
  }

  std::optional<std::size_t> size() const override { return size_; }

  std::span<const Text> next(std::size_t most) override {
    kept_.clear();
    texts_.clear();
    while (texts_.size() < most) {
      const nb::object item = nb::steal(in_python([&] { return PyIter_Next(iterator_.ptr()); }));
      if (!item.is_valid()) {
        if (PyErr_Occurred() != nullptr) throw nb::python_error();
        break;
      }
      texts_.push_back(text_from(item, "texts[" + std::to_string(number_++) + "]", kept_));
    }
    return texts_;
  }

 private:
  std::optional<std::size_t> size_;
  nb::object iterator_;
  std::vector<nb::object> kept_;
  std::vector<Text> texts_;
  std::size_t number_ = 0;
};

/// A column of Python objects is walked through as it is: as Arrow's it would be copied first, and have a type that no
/// object of it has. The dtypes of pandas that have the kind of objects are its own.
bool holds_objects(nb::handle texts) {
  if (!nb::hasattr(texts, "dtype")) return false;
  const nb::object dtype = texts.attr("dtype");
  return is_of_package(dtype, "numpy") && utf8_of(nb::getattr(dtype, "kind", nb::none())) == "O";
}

}  // namespace

std::optional<std::size_t> length_of(nb::handle texts) {
  const Py_ssize_t size = in_python([&] { return PyObject_Size(texts.ptr()); });
  if (size >= 0) return static_cast<std::size_t>(size);
  clear_type_error();
  return std::nullopt;
}

bool is_one_text(nb::handle texts) {
  return PyUnicode_Check(texts.ptr()) != 0 || PyBytes_Check(texts.ptr()) != 0 || PyDict_Check(texts.ptr()) != 0;
}

Text text_from(nb::handle item, const std::string& name, std::vector<nb::object>& kept) {
  if (PyDict_Check(item.ptr()) != 0) return from_dict(nb::borrow<nb::dict>(item), name, kept);
  const bool is_sequence = PyTuple_Check(item.ptr()) != 0 || PyList_Check(item.ptr()) != 0;
  if (is_sequence && nb::len(item) == 2) {
    const nb::object first = item[0];
    const nb::object second = item[1];
    return pair_of(first, second, name, kept);
  }
  kept.push_back(nb::borrow(item));
  return {view_of(item, name, kItem)};
}

std::unique_ptr<TextReader> open_texts(nb::handle texts, const std::string& column) {
  if (is_arrow(texts) && !holds_objects(texts)) return open_arrow(texts, column);
  if (!column.empty()) refuse("column", "a table as texts", texts);
  if (is_one_text(texts)) refuse("texts", "several texts", texts);
  return std::make_unique<IteratorReader>(texts);
}

}  // namespace tastevin::python
