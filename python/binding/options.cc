#include "options.h"

namespace nb = nanobind;

namespace tastevin::python {

bool is_of_package(nb::handle value, std::string_view package) {
  const std::optional<std::string> module = utf8_of(nb::getattr(value.type(), "__module__", nb::none()));
  return module && module->starts_with(package) &&
         (module->size() == package.size() || (*module)[package.size()] == '.');
}

bool bool_of(const std::string& name, nb::handle given) {
  if (given.ptr() == Py_True) return true;
  if (given.ptr() == Py_False) return false;
  const std::optional<std::string> type = utf8_of(given.type().attr("__name__"));  // "bool", "bool_" before NumPy 2
  if (type && type->starts_with("bool") && is_of_package(given, "numpy")) return PyObject_IsTrue(given.ptr()) == 1;
  refuse(name, "True or False", given);
}

std::size_t size_of(const std::string& name, nb::handle given) {
  const nb::object number = nb::steal(PyBool_Check(given.ptr()) != 0 ? nullptr : PyNumber_Index(given.ptr()));
  const std::size_t size = number.is_valid() ? PyLong_AsSize_t(number.ptr()) : 0;
  if (number.is_valid() && PyErr_Occurred() == nullptr) return size;
  PyErr_Clear();
  refuse(name, "a whole number from 0 on", given);
}

double number_of(const std::string& name, nb::handle given) {
  const double number =
      PyBool_Check(given.ptr()) != 0 || PyUnicode_Check(given.ptr()) != 0 ? NAN : PyFloat_AsDouble(given.ptr());
  const bool failed = PyErr_Occurred() != nullptr;
  PyErr_Clear();
  if (failed || !std::isfinite(number)) refuse(name, "a number", given);
  return number;
}

std::optional<std::string> utf8_of(nb::handle given) {
  if (PyUnicode_Check(given.ptr()) == 0) return std::nullopt;
  Py_ssize_t size = 0;
  const char* bytes = PyUnicode_AsUTF8AndSize(given.ptr(), &size);
  PyErr_Clear();
  if (bytes == nullptr) return std::nullopt;
  return std::string(bytes, static_cast<std::size_t>(size));
}

std::string text_of(const std::string& name, nb::handle given) {
  std::optional<std::string> text = utf8_of(given);
  if (!text) refuse(name, "text", given);
  return *std::move(text);
}

void refuse_name(const std::string& function, nb::handle name) {
  throw nb::type_error((function + "() got an unexpected keyword argument " + repr_of(name)).c_str());
}

}  // namespace tastevin::python
