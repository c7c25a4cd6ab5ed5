#include "errors.h"

#include <nanobind/stl/string.h>

#include <string>

namespace nb = nanobind;

namespace tastevin::python {
namespace {

struct OwnExceptions {
  PyObject* checkpoint = nullptr;
  PyObject* overloaded = nullptr;
  PyObject* unavailable = nullptr;
  PyObject* rejected = nullptr;
};

// The exceptions of the process's one module; they live as long as the process, as Python's own do.
OwnExceptions& own_exceptions() {
  static OwnExceptions exceptions;
  return exceptions;
}

PyObject* exception_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::invalid_argument:
    case ErrorCode::too_large:
      return PyExc_ValueError;
    case ErrorCode::not_found:
      return PyExc_FileNotFoundError;
    case ErrorCode::bad_checkpoint:
      return own_exceptions().checkpoint;
    case ErrorCode::unsupported_model:
      return PyExc_NotImplementedError;
    case ErrorCode::unauthorized:
      return PyExc_PermissionError;
    case ErrorCode::overloaded:
      return own_exceptions().overloaded;
    case ErrorCode::deadline:
      return PyExc_TimeoutError;
    case ErrorCode::unavailable:
      return own_exceptions().unavailable;
    case ErrorCode::rejected:
      return own_exceptions().rejected;
    case ErrorCode::internal:
      break;
  }
  return PyExc_RuntimeError;
}

PyObject* add_exception(nb::module_& module, const char* name, const char* doc) {
  const std::string full_name = std::string("tastevin.") + name;
  PyObject* exception = PyErr_NewExceptionWithDoc(full_name.c_str(), doc, PyExc_RuntimeError, nullptr);
  if (exception == nullptr) throw nb::python_error();
  module.attr(name) = nb::handle(exception);
  return exception;
}

void translate(const std::exception_ptr& thrown, void* /*unused*/) {
  try {
    std::rethrow_exception(thrown);
  } catch (const Error& error) {
    // What a library below says may hold anything; a message is text.
    const std::string message = error.what();
    nb::object text =
        nb::steal(PyUnicode_DecodeUTF8(message.data(), static_cast<Py_ssize_t>(message.size()), "replace"));
    PyErr_SetObject(exception_of(error.code()), text.ptr());
  }
}

}  // namespace

void bind_errors(nb::module_& module) {
  own_exceptions() = {
      .checkpoint = add_exception(module, "CheckpointError", "A model's file is damaged or contradicts itself."),
      .overloaded = add_exception(module, "OverloadedError", "A queue or budget is full."),
      .unavailable = add_exception(module, "UnavailableError", "A device, the network or a model is not ready."),
      .rejected = add_exception(module, "RejectedError", "A promise did not hold, such as that of an accuracy.")};
  nb::register_exception_translator(translate);
}

std::string repr_of(nb::handle value) {
  const nb::object ascii = nb::steal(PyObject_ASCII(value.ptr()));
  if (!ascii.is_valid()) throw nb::python_error();
  constexpr std::size_t kLongest = 60;
  const std::string text = nb::cast<std::string>(ascii);
  return text.size() <= kLongest ? text : text.substr(0, kLongest) + "...";
}

std::string described(nb::handle value) {
  if (value.is_none()) return "None";
  std::string type = nb::type_name(value.type()).c_str();
  const bool is_plain = PyUnicode_Check(value.ptr()) || PyLong_Check(value.ptr()) || PyFloat_Check(value.ptr());
  return is_plain ? repr_of(value) : type;
}

void refuse(const std::string& what, const std::string& expected, nb::handle found) {
  throw Error(ErrorCode::invalid_argument, what + ": expected " + expected + ", found " + described(found));
}

}  // namespace tastevin::python
