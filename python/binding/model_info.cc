#include "tastevin/model_info.h"

#include <nanobind/stl/filesystem.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <string>

#include "bindings.h"
#include "tastevin/devices.h"

namespace nb = nanobind;

namespace tastevin::python {

void bind_model_info(nb::module_& module) {
  nb::class_<ModelInfo>(module, "ModelInfo", "What is known of a model without running it.")
      .def_ro("folder", &ModelInfo::folder)
      .def_ro("form", &ModelInfo::form, "\"checkpoint\", \"model folder\", \"OpenVINO IR\" or \"ONNX\"")
      .def_ro("family", &ModelInfo::family, "`model_type` of the config, such as \"distilbert\"")
      .def_ro("weights", &ModelInfo::weights, "types of the stored weights, such as \"f16\" or \"f32, i64\"")
      .def_prop_ro(
          "task", [](const ModelInfo& self) { return std::string(name_of(self.task)); },
          "\"single_label\", \"multi_label\" or \"regression\"")
      .def_ro("labels", &ModelInfo::labels, "in label-id order")
      .def_ro("layers", &ModelInfo::layers)
      .def_ro("hidden_size", &ModelInfo::hidden_size)
      .def_ro("heads", &ModelInfo::heads)
      .def_ro("vocabulary", &ModelInfo::vocabulary, "tokens of the tokenizer")
      .def_ro("max_length", &ModelInfo::max_length,
              "tokens a text may have unless a call says otherwise, special ones counted")
      .def_ro("positions", &ModelInfo::positions,
              "tokens that it may have at all: more where the tokenizer's files say less; 0: no limit")
      .def_ro("mask_token", &ModelInfo::mask_token,
              "\"[MASK]\" or \"<mask>\", as the tokenizer has it; empty where it has neither")
      .def_ro("parameters", &ModelInfo::parameters)
      .def_ro("weight_bytes", &ModelInfo::weight_bytes, "on disk")
      .def_ro("ignored", &ModelInfo::ignored,
              "tensors of a checkpoint that no label needs: buffers, what only pretraining has")
      .def("__repr__", [](const ModelInfo& self) {
        return "ModelInfo(folder='" + self.folder.string() + "', family='" + self.family + "', task='" +
               std::string(name_of(self.task)) + "')";
      });
  nb::class_<Device>(module, "Device", "A device that OpenVINO finds on this machine.")
      .def_ro("name", &Device::name, "as `device=` takes it: \"CPU\", \"GPU.0\"")
      .def_ro("full_name", &Device::full_name, "as its maker calls it")
      .def("__repr__", [](const Device& self) { return "Device(name='" + self.name + "')"; });
}

}  // namespace tastevin::python
