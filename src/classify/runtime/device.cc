#include "classify/runtime/device.h"

#include <algorithm>
#include <cctype>

#include <openvino/openvino.hpp>

#include "base/error.h"
#include "tastevin/devices.h"

namespace tastevin {

std::vector<Device> devices() try {
  std::vector<Device> found;
  for (const std::string& name : runtime::core().get_available_devices()) {
    found.push_back({name, runtime::core().get_property(name, ov::device::full_name)});
  }
  return found;
} catch (const ov::Exception& error) {
  throw Error(ErrorCode::unavailable, "devices: OpenVINO cannot tell them: " + in_quotes(error.what(), 300));
}

namespace runtime {
namespace {

constexpr std::string_view kVirtual[] = {"AUTO", "MULTI", "HETERO", "BATCH"};

bool is_virtual(std::string_view name) { return std::ranges::find(kVirtual, name) != std::end(kVirtual); }

/// "GPU" of "GPU.1", "AUTO" of "AUTO:GPU,CPU"
std::string_view kind_of(std::string_view name) { return name.substr(0, name.find_first_of(".:(")); }

bool is_available(std::string_view name, const std::vector<std::string>& available) {
  return std::ranges::any_of(available,
                             [name](std::string_view other) { return other == name || kind_of(other) == name; });
}

void check_available(std::string_view name, const std::vector<std::string>& available) {
  if (is_virtual(name) || is_available(name, available)) return;
  std::string there;
  for (const std::string& device : available) there += device + ", ";
  throw Error(ErrorCode::not_found,
              "device " + in_quotes(name) + ": not on this machine; expected " + there + "or AUTO");
}

/// The devices of "AUTO:GPU,CPU": each must be there. A leading minus takes one out and names it all the same.
void check_list(std::string_view list, const std::vector<std::string>& available) {
  while (!list.empty()) {
    const std::size_t comma = std::min(list.find(','), list.size());
    std::string_view name = list.substr(0, comma);
    if (name.starts_with('-')) name.remove_prefix(1);
    check_available(name.substr(0, name.find('(')), available);
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
}

}  // namespace

ov::element::Type type_of(Precision precision) {
  switch (precision) {
    case Precision::bf16:
      return ov::element::bf16;
    case Precision::f16:
      return ov::element::f16;
    case Precision::f32:
      break;
  }
  return ov::element::f32;
}

ov::Core& core() {
  static ov::Core the_core;
  return the_core;
}

std::string choose_device(const std::string& asked) {
  std::string name = asked;
  std::ranges::transform(name, name.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  if (name == "CPU") return name;  // always there; asking OpenVINO for the list opens every plugin
  const std::vector<std::string> available = core().get_available_devices();
  if (name.empty()) return available.size() == 1 ? available.front() : "AUTO";
  const std::string_view kind = kind_of(name);
  check_available(is_virtual(kind) ? kind : std::string_view(name), available);
  if (const std::size_t colon = name.find(':'); colon != std::string::npos)
    check_list(std::string_view(name).substr(colon + 1), available);
  return name;
}

}  // namespace runtime
}  // namespace tastevin
