#include <iostream>
#include <memory>
#include <string>

#include "commands.h"
#include "pull_display.h"
#include "tastevin/hub.h"

namespace tastevin::cli {
namespace {

struct PullFlags {
  std::string name;
  bool quiet = false;
};

void run(const PullFlags& flags) {
  PullDisplay display;
  const auto folder = pull(flags.name, flags.quiet ? PullOptions{} : shown_on(display));
  std::cout << folder.string() << "\n";
}

}  // namespace

void add_pull(CLI::App& app) {
  auto flags = std::make_shared<PullFlags>();
  CLI::App* command = app.add_subcommand("pull", "Bring a model of the Hugging Face Hub here and print its folder");
  command->add_option("ID", flags->name, "organisation/name, or name alone; @REVISION chooses a branch, tag or commit")
      ->required()
      ->type_name("");
  command->add_flag("--quiet", flags->quiet, "print nothing but the folder");
  command->footer(
      "The folder is in the cache that Python programs use too (HF_HOME, HF_HUB_CACHE).\n"
      "HF_TOKEN opens private and gated models, HF_ENDPOINT names another Hub, HF_HUB_OFFLINE=1 asks none.\n"
      "Example:\n  tastevin pull distilbert/distilbert-base-uncased-finetuned-sst-2-english");
  command->callback([flags] { run(*flags); });
}

}  // namespace tastevin::cli
