#include "chosen_model.h"

#include "bundled_model.h"
#include "pull_display.h"
#include "tastevin/hub.h"

namespace tastevin::cli {

std::filesystem::path chosen_model(const std::string& name) {
  if (name.empty()) return bundled_model();
  PullDisplay display;
  return resolve_model(name, shown_on(display));
}

}  // namespace tastevin::cli
