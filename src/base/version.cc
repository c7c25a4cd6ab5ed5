#include "tastevin/version.h"

namespace tastevin {

const char* version() noexcept { return TASTEVIN_VERSION; }

}  // namespace tastevin
