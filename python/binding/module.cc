// The module `tastevin._native`.

#include <nanobind/nanobind.h>
#include <nanobind/stl/filesystem.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <string>

#include "bindings.h"
#include "errors.h"
#include "gil.h"
#include "options.h"
#include "tastevin/convert.h"
#include "tastevin/devices.h"
#include "tastevin/hub.h"
#include "tastevin/version.h"

namespace nb = nanobind;

namespace tastevin::python {
namespace {

ModelInfo convert_checkpoint(const nb::object& checkpoint, const nb::object& out, const nb::kwargs& keywords) {
  const auto options = options_from<ConvertOptions>("convert", keywords);
  const std::string from = path_text("checkpoint", checkpoint);
  const std::string to = path_text("out", out);
  start_runtime();
  const WithoutGil without_gil;
  return convert(resolve_model(from, {.progress = check_signals}), to, options);
}

ModelInfo inspect_model(const nb::object& model) {
  const std::string name = path_text("model", model);
  start_runtime();
  const WithoutGil without_gil;
  return inspect(resolve_model(name, {.progress = check_signals}));
}

std::filesystem::path pull_model(const nb::object& id) {
  const std::string name = text_of("id", id);
  const WithoutGil without_gil;
  return pull(name, {.progress = check_signals});
}

std::vector<Device> all_devices() {
  start_runtime();
  const WithoutGil without_gil;
  return devices();
}

void bind_functions(nb::module_& module) {
  const std::string signature = "def convert(checkpoint: str | os.PathLike[str], out: str | os.PathLike[str]" +
                                keywords<ConvertOptions>() + ") -> ModelInfo";
  module.def("convert", &convert_checkpoint, nb::arg("checkpoint").none(), nb::arg("out").none(), nb::arg("options"),
             nb::sig(signature.c_str()),
             help<ConvertOptions>(
                 "Converts a checkpoint (a folder or a Hub id) into the model folder `out`, which appears whole "
                 "or not at all.")
                 .c_str());
  module.def("inspect", &inspect_model, nb::arg("model").none(),
             nb::sig("def inspect(model: str | os.PathLike[str]) -> ModelInfo"),
             "What is known of a model without running it.");
  module.def("pull", &pull_model, nb::arg("id").none(), nb::sig("def pull(id: str) -> pathlib.Path"),
             "Brings a model of the Hugging Face Hub (`ID` or `ID@REVISION`) into the standard cache; its folder.");
  module.def("devices", &all_devices, "Every device that OpenVINO finds, in its order.");
  module.attr("__version__") = version();
}

}  // namespace

NB_MODULE(_native, module) {
  module.doc() = "The native part of tastevin.";
  nb::set_leak_warnings(false);  // a thread that outlives Python, or is parked, keeps what it holds
  wait_for_threads_at_exit();
  bind_errors(module);
  bind_answers(module);
  bind_model_info(module);
  Model::bind(module);
  bind_zero_shot(module);
  bind_functions(module);
}

}  // namespace tastevin::python
