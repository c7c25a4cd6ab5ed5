// OpenVINO and TBB open libraries with RTLD_DEEPBIND, so that they keep to their own symbols; sanitizers end the
// program there, because a library so opened would miss their functions. In their builds each program has this dlopen
// in front of the sanitizer's, and those libraries bind as any does.

#include <dlfcn.h>

// NOLINTNEXTLINE(bugprone-reserved-identifier,readability-identifier-naming): the sanitizer's name
extern "C" void* __interceptor_dlopen(const char* file, int mode);

extern "C" void* dlopen(const char* file, int mode) noexcept {
  return __interceptor_dlopen(file, mode & ~RTLD_DEEPBIND);
}
