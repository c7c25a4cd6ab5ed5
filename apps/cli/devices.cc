#include "tastevin/devices.h"

#include <iostream>

#include "commands.h"
#include "terminal.h"

namespace tastevin::cli {
namespace {

void run() {
  for (const Device& device : devices()) std::cout << bold(device.name) << "  " << device.full_name << "\n";
}

}  // namespace

void add_devices(CLI::App& app) {
  CLI::App* command = app.add_subcommand("devices", "List the devices that --device takes, with their full names");
  command->footer("AUTO, which chooses among them, can be given too.\nExample:\n  tastevin devices");
  command->callback(run);
}

}  // namespace tastevin::cli
