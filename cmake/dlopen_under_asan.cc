// OpenVINO opens its plugins with RTLD_DEEPBIND, so that they keep to their own symbols; AddressSanitizer ends the
// program there, because a library so opened would miss its allocator. In its builds each program has this dlopen in
// front of the sanitizer's, and the plugins bind as any library does.

#include <dlfcn.h>

// NOLINTNEXTLINE(bugprone-reserved-identifier,readability-identifier-naming): the sanitizer's name
extern "C" void* __interceptor_dlopen(const char* file, int mode);

extern "C" void* dlopen(const char* file, int mode) noexcept {
  return __interceptor_dlopen(file, mode & ~RTLD_DEEPBIND);
}
