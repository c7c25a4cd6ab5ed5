#include "model.h"

#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>
#include <pthread.h>

#include <atomic>
#include <string>

#include "bindings.h"
#include "errors.h"
#include "gil.h"
#include "options.h"
#include "tastevin/hub.h"

namespace nb = nanobind;

namespace tastevin::python {
namespace {

// Whether OpenVINO has run in this process, and whether it did in the one that this was forked from.
std::atomic<bool> started{false};
std::atomic<bool> orphaned{false};

void refuse_orphan() {
  if (!orphaned) return;
  throw Error(
      ErrorCode::unavailable,
      "this process was forked after OpenVINO had started, and the threads that compute stayed in the other one: "
      "load models after fork, or start processes by spawn");
}

/// In a forked process nobody can take a classifier down: its threads are not there. It is left to the system.
void forget_in_orphan(const Classifier* classifier) {
  const std::unique_ptr<const Classifier> taken(orphaned ? nullptr : classifier);
}

void bind_state(nb::class_<Model>& model) {
  model.def("_reload", [](Model& self, const nb::object& name, const nb::kwargs& options) {
    self = Model(name, nb::dict(options));
  });
  model.def("close", &Model::close, "Gives the memory back; later calls are refused with UnavailableError.");
  model.def_prop_ro("closed", &Model::is_closed);
  model.def("_options", [](const Model& self) { return all_options<ModelOptions>(self.options()); });
  model.def_prop_ro(
      "model", [](const Model& self) { return self.name(); }, nb::sig("def model(self) -> typing.Any"),
      "as it was given");
  model.def_prop_ro("info", [](const Model& self) { return ModelInfo(self.use()->info()); });
  model.def_prop_ro("labels", [](const Model& self) { return self.use()->info().labels; }, "in label-id order");
  model.def_prop_ro("device", [](const Model& self) { return self.use()->device(); }, "where it runs: \"CPU\"");
  model.def_prop_ro(
      "precision", [](const Model& self) { return std::string(name_of(self.use()->precision())); },
      "as the compiled model says: \"f32\", \"bf16\" or \"f16\"");
  model.def_prop_ro("threads", [](const Model& self) { return self.use()->threads(); }, "CPU threads it computes with");
  model.def_prop_ro("streams", [](const Model& self) { return self.use()->streams(); }, "requests side by side");
}

std::shared_ptr<const Classifier> load(const std::string& model, const ModelOptions& options) {
  const WithoutGil without_gil;
  Classifier classifier = Classifier::load(resolve_model(model, {.progress = check_signals}), options);
  return {new Classifier(std::move(classifier)), forget_in_orphan};
}

}  // namespace

std::string path_text(const std::string& name, nb::handle path) {
  const bool is_path = PyUnicode_Check(path.ptr()) != 0 || nb::hasattr(path, "__fspath__");
  if (!is_path) refuse(name, "a path or the id of a model", path);
  PyObject* bytes = nullptr;
  if (PyUnicode_FSConverter(path.ptr(), static_cast<void*>(&bytes)) == 0) throw nb::python_error();
  const nb::object held = nb::steal(bytes);
  return {PyBytes_AS_STRING(bytes), static_cast<std::size_t>(PyBytes_GET_SIZE(bytes))};
}

void check_signals(const PullProgress& /*unused*/) {
  const WithGil with_gil;
  if (PyErr_CheckSignals() != 0) throw nb::python_error();
}

void start_runtime() {
  refuse_orphan();
  if (!started.exchange(true)) pthread_atfork(nullptr, nullptr, [] { orphaned = true; });
}

Model::Model(nb::object model, nb::dict options) : name_(std::move(model)), options_(std::move(options)) {
  const auto read = options_from<ModelOptions>("Classifier", options_);
  const std::string path = path_text("model", name_);
  start_runtime();
  classifier_ = load(path, read);
  const std::string& warning = classifier_->warning();
  if (!warning.empty() && PyErr_WarnEx(PyExc_RuntimeWarning, warning.c_str(), 1) != 0) throw nb::python_error();
}

std::shared_ptr<const Classifier> Model::use() const {
  refuse_orphan();
  if (classifier_ == nullptr) throw Error(ErrorCode::unavailable, "the classifier is closed");
  return classifier_;
}

void Model::bind(nb::module_& module) {
  const std::string signature =
      "def __init__(self, model: str | os.PathLike[str]" + keywords<ModelOptions>() + ") -> None";
  const std::string doc = help<ModelOptions>(
      "Loads a model: a checkpoint folder, a model folder, an .onnx file or a Hub id.\n\n"
      "FileNotFoundError when there is none, CheckpointError for a damaged one, NotImplementedError for a kind that is "
      "not\n"
      "run. Safe to call from many threads; not in a process forked after OpenVINO started (UnavailableError).");
  nb::class_<Model> model(module, "Classifier", "Texts in, labels out; the native part of tastevin.Classifier.");
  model.def(
      "__init__",
      [](Model* self, const nb::object& name, const nb::kwargs& options) { new (self) Model(name, nb::dict(options)); },
      nb::arg("model").none(), nb::arg("options"), nb::sig(signature.c_str()), doc.c_str());
  bind_classify(model);
  bind_matrices(model);
  bind_work(model);
  bind_state(model);
}

}  // namespace tastevin::python
