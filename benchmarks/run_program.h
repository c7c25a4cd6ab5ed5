#pragma once

// What the programs here that run a model share: the flags of its options, by their field list, and how they end.

#include <functional>
#include <iostream>
#include <string>

#include "cli/flags.h"
#include "tastevin/options.h"

namespace tastevin::benchmarks {

/// MODEL, TEXTS and the options of loading.
inline void add_inputs(CLI::App& app, std::string& model, std::string& texts, ModelOptions& options) {
  app.add_option("MODEL", model)->required();
  app.add_option("TEXTS", texts)->required();
  cli::add_flags(app, options);
}

/// Reads the words by `app`, calls `run`, and says on standard error why it failed. Gives what `main` returns.
inline int run_program(CLI::App& app, int argc, char** argv, const std::function<void()>& run) try {
  app.parse(argc, argv);
  run();
  return 0;
} catch (const CLI::ParseError& error) {
  return app.exit(error);
} catch (const std::exception& error) {
  std::cerr << argv[0] << ": " << error.what() << "\n";
  return 1;
}

}  // namespace tastevin::benchmarks
