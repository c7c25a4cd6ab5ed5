#include "chosen_model.h"

#include <iostream>

#include "bundled_model.h"
#include "pull_display.h"
#include "tastevin/hub.h"

namespace tastevin::cli {

std::filesystem::path chosen_model(const std::string& name) {
  PullDisplay display;
  return resolve_model(name, shown_on(display));
}

std::filesystem::path chosen_or_bundled_model(const std::string& name) {
  return name.empty() ? bundled_model() : chosen_model(name);
}

Classifier loaded(const std::filesystem::path& model, const ModelOptions& options) {
  Classifier classifier = Classifier::load(model, options);
  if (!classifier.warning().empty()) std::cerr << "tastevin: warning: " << classifier.warning() << "\n";
  return classifier;
}

}  // namespace tastevin::cli
