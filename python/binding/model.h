#pragma once

// A loaded classifier as a Python object has it: it can be closed, and it knows the process that loaded it.

#include <nanobind/nanobind.h>

#include <memory>
#include <string>

#include "tastevin/classifier.h"
#include "tastevin/hub.h"

namespace tastevin::python {

class Model {
 public:
  /// `model` is a path or a Hub id; `options` are the fields of ModelOptions.
  Model(nanobind::object model, nanobind::dict options);

  /// The classifier, which lives as long as anybody uses it. Throws `Error{unavailable}` when it is closed, and in a
  /// process that was forked from the one that loaded it.
  std::shared_ptr<const Classifier> use() const;

  void close() { classifier_.reset(); }
  bool is_closed() const { return classifier_ == nullptr; }

  const nanobind::object& name() const { return name_; }
  const nanobind::dict& options() const { return options_; }

  /// Adds the class, called Classifier, with its methods.
  static void bind(nanobind::module_& module);

 private:
  nanobind::object name_;
  nanobind::dict options_;
  std::shared_ptr<const Classifier> classifier_;
};

/// Throws `Error{unavailable}` in a process that was forked after OpenVINO had started in its parent: the threads that
/// would compute stayed there. Otherwise notes that OpenVINO is starting in this one.
void start_runtime();

/// Of a str or os.PathLike.
std::string path_text(const std::string& name, nanobind::handle path);

/// For downloads, which end when the user presses Ctrl-C.
void check_signals(const PullProgress& progress);

}  // namespace tastevin::python
