#pragma once

// The model that comes with the program, loaded once a test program.

#include "support/files.h"
#include "tastevin/classifier.h"

namespace tastevin {

inline const Classifier& bundled() {
  static const Classifier classifier = Classifier::load(source_file("models/sst2-tiny"), {.device = "CPU"});
  return classifier;
}

}  // namespace tastevin
