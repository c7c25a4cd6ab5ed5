#pragma once

// What a user of the command line waits for and pays: a fresh process a run, from its start to its first label.

#include <cstddef>
#include <string>
#include <vector>

namespace tastevin::cli {

struct StartupSettings {
  std::vector<std::string> models;
  std::size_t runs = 15;
  bool json = false;
};

/// Measures each model and prints a line for it, or an object. Models take turns, so that a drift of the machine
/// touches them alike. Throws `Error{unavailable}` when the program cannot be run or fails on a model.
void bench_startup(const StartupSettings& settings);

}  // namespace tastevin::cli
