#include <dlfcn.h>

#include "base/error.h"
#include "work/tables/arrow_module.h"

namespace tastevin::tables {

void* function_of_arrow_module(const char* name) {
  void* library = ::dlopen("libtastevin_tables.so", RTLD_NOW | RTLD_LOCAL);
  void* function = library == nullptr ? nullptr : ::dlsym(library, name);
  if (function == nullptr)
    // NOLINTNEXTLINE(concurrency-mt-unsafe): it is the calling thread's own error
    throw Error(ErrorCode::unavailable, std::string("the module that reads tables cannot be loaded: ") + ::dlerror());
  return function;
}

}  // namespace tastevin::tables
