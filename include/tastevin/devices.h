#pragma once

// The devices that OpenVINO finds on this machine.

#include <string>
#include <vector>

namespace tastevin {

struct Device {
  std::string name;       ///< as `--device` takes it: "CPU", "GPU.0"
  std::string full_name;  ///< as its maker calls it
};

/// Every device, in OpenVINO's order. AUTO, which chooses among them, is not listed. Takes some 10 ms the first time.
std::vector<Device> devices();

}  // namespace tastevin
