#include <iostream>
#include <memory>
#include <sstream>

#include "apps/server/server.h"
#include "base/files.h"
#include "bundled_model.h"
#include "chosen_model.h"
#include "commands.h"
#include "config_file.h"
#include "flags.h"
#include "tastevin/error.h"

namespace tastevin::cli {
namespace {

struct ServeFlags {
  std::string config;
  std::vector<std::string> models;
  server::ServedModels served;
  server::ServerOptions server;
};

/// NAME=MODEL, or a model, which is then called by the last part of its path.
std::pair<std::string, std::filesystem::path> named_model(const std::string& text) {
  const std::size_t equals = text.find('=');
  const std::string model = equals == std::string::npos ? text : text.substr(equals + 1);
  const std::filesystem::path path = chosen_model(model);
  std::string name = equals == std::string::npos ? name_of_folder(model) : text.substr(0, equals);
  if (name.empty()) throw Error(ErrorCode::invalid_argument, "model '" + text + "': expected NAME=MODEL");
  return {name, path};
}

/// A variable names several with commas between; a path that is there may have commas of its own.
std::vector<std::string> models_in(const std::string& given) {
  std::error_code no_path;
  if (std::filesystem::exists(given.substr(given.find('=') + 1), no_path)) return {given};  // npos + 1 is 0
  std::vector<std::string> models;
  std::istringstream parts(given);
  for (std::string part; std::getline(parts, part, ',');) models.push_back(part);
  return models;
}

void serve(const ServeFlags& flags) {
  server::ServedModels served = flags.served;
  for (const std::string& given : flags.models)
    for (const std::string& model : models_in(given)) served.models.push_back(named_model(model));
  if (served.models.empty() && flags.server.models_dir.empty())
    served.models.emplace_back("sst2-tiny", chosen_or_bundled_model(""));
  // People copy new models over those that are served.
  if (!flags.server.models_dir.empty()) served.load.no_mmap = true;
  served.tell = [](const std::string& line) { std::cerr << "tastevin: " + line + "\n" << std::flush; };
  server::run_server(served, flags.server, [&flags](const server::Served& ready) {
    const std::string& host = flags.server.host;
    std::string line = "tastevin: serving";
    for (const auto& entry : ready.registry.entries())
      if (entry.model) line += " " + entry.name;
    for (const auto& entry : ready.registry.entries()) {
      if (!entry.model) continue;
      const Classifier& classifier = entry.model->classifier();
      line += " on " + classifier.device() + " in " + std::string(name_of(classifier.precision())) + " with " +
              std::to_string(classifier.threads()) + " threads";
      break;  // all have the same options
    }
    line +=
        " at http" + std::string(flags.server.tls_cert.empty() ? "" : "s") + "://" + server::address(host, ready.port);
    if (ready.grpc_port != 0) line += " and gRPC at " + server::address(host, ready.grpc_port);
    std::cerr << line + "\n" << std::flush;
  });
}

}  // namespace

void add_serve(CLI::App& app) {
  auto flags = std::make_shared<ServeFlags>();
  CLI::App* command = app.add_subcommand("serve", "Answer over HTTP and gRPC");
  command
      ->add_option(
          "--model", flags->models,
          "models, each with this flag or behind a comma; NAME= before one names it (default: the bundled one)")
      ->allow_extra_args(false)
      ->type_name("[NAME=]MODEL,...");
  add_flags(*command, flags->server);
  add_flags(*command, flags->served.scheduling);
  flags->served.load.warm_up = true;  // it answers people
  add_flags(*command, flags->served.load);
  CLI::Option* config = command->add_option("--config", flags->config, "file of flags: name=value a line");
  read_environment(*command);
  config->type_name("FILE")->configurable(false);  // a file names no other
  command->footer(
      "Every flag is also a variable: --max-body-bytes is TASTEVIN_MAX_BODY_BYTES, --no-warm-up "
      "TASTEVIN_WARM_UP=false.\n"
      "The command line comes before the environment, and both before --config.\n"
      "Example:\n  tastevin serve --model sst2=models/sst2-tiny --port 8080");
  command->callback([flags, command] {
    if (!flags->config.empty()) read_config_file(*command, flags->config);
    serve(*flags);
  });
}

}  // namespace tastevin::cli
