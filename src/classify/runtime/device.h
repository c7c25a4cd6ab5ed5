#pragma once

// The process's one `ov::Core`, made at first use, and the choice of a device on it. Safe to call from many threads.

#include <string>

#include <openvino/runtime/core.hpp>

#include "tastevin/options.h"

namespace tastevin::runtime {

ov::Core& core();

/// OpenVINO's word for a precision.
ov::element::Type type_of(Precision precision);

/// The OpenVINO name for what the caller asked: upper case; empty means CPU when it is the only device, else AUTO.
/// Throws `Error{not_found}` naming the devices that there are.
std::string choose_device(const std::string& asked);

}  // namespace tastevin::runtime
