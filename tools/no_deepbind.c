// Preloaded under ThreadSanitizer: TBB opens libtbbbind with RTLD_DEEPBIND, which ends an instrumented program, and
// libraries that its suppressions name must not be closed.
#define _GNU_SOURCE
#include <dlfcn.h>

void* dlopen(const char* file, int flags) {
  void* (*next)(const char*, int) = (void* (*)(const char*, int))dlsym(RTLD_NEXT, "dlopen");
  return next(file, flags & ~RTLD_DEEPBIND);
}

int dlclose(void* handle) {
  (void)handle;
  return 0;
}
