#pragma once

// The file in which what is learnt about a model's scores lies. `tastevin/calibrate.h` reads and writes any such file;
// here it is that of a model.

#include "tastevin/model_info.h"

namespace tastevin {

/// What was learnt about the scores of `model`. Throws `Error{bad_checkpoint}` when it is damaged or another model's.
Calibration stored_calibration(const ModelInfo& model);

}  // namespace tastevin
