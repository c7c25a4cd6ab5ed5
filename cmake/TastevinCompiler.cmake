# The language, the warnings, the sanitizers, and the faster tools where they are installed.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

add_library(tastevin_compiler INTERFACE)
target_compile_options(tastevin_compiler INTERFACE -Wall -Wextra -Wconversion -Wshadow -Wnon-virtual-dtor)
if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
  # libstdc++ 12 has deprecated functions in its own sorts; and a precompiled header with a time in it is never cached.
  target_compile_options(tastevin_compiler INTERFACE -Wno-deprecated-declarations "SHELL:-Xclang -fno-pch-timestamp")
endif()
if(NOT TASTEVIN_SANITIZE STREQUAL "")
  target_compile_options(tastevin_compiler INTERFACE -fsanitize=${TASTEVIN_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(tastevin_compiler INTERFACE -fsanitize=${TASTEVIN_SANITIZE})
  if(TASTEVIN_SANITIZE MATCHES "thread" AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(tastevin_compiler INTERFACE -Wno-tsan)  # it does not know the fences of Boost.Asio
  endif()
  if(TASTEVIN_SANITIZE MATCHES "address|thread")
    target_sources(tastevin_compiler INTERFACE
      $<$<STREQUAL:$<TARGET_PROPERTY:TYPE>,EXECUTABLE>:${CMAKE_CURRENT_LIST_DIR}/dlopen_under_sanitizers.cc>)
  endif()
elseif(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64")
  # The release baseline. Wider instructions of our own code are chosen at run time.
  target_compile_options(tastevin_compiler INTERFACE -march=x86-64-v2)
endif()

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM)
  # A precompiled header is cached only when ccache may ignore its time stamps.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros ${CCACHE_PROGRAM})
endif()
find_program(MOLD_PROGRAM mold)
if(MOLD_PROGRAM)
  target_link_options(tastevin_compiler INTERFACE -fuse-ld=mold)
endif()
