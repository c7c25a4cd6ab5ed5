# Everything that is linked, found and never downloaded: `tools/setup.sh` has put it there.

set(TASTEVIN_DEPS ${PROJECT_SOURCE_DIR}/.deps CACHE PATH "Where tools/setup.sh unpacked the pinned wheels")
if(EXISTS ${TASTEVIN_DEPS}/openvino/cmake)
  set(OpenVINO_DIR ${TASTEVIN_DEPS}/openvino/cmake)
endif()
find_package(OpenVINO 2026.4 QUIET COMPONENTS Runtime)
if(NOT OpenVINO_FOUND)
  message(FATAL_ERROR "OpenVINO 2026.4 is not in ${TASTEVIN_DEPS}: run `make setup`, or pass -DOpenVINO_DIR=<its cmake folder>")
endif()
set(Arrow_ROOT ${TASTEVIN_DEPS}/arrow CACHE PATH "Where Arrow's headers and libraries are")
find_package(Arrow 26 REQUIRED)
find_package(nlohmann_json 3.11 REQUIRED)
find_package(CLI11 2.1 REQUIRED)
find_package(Threads REQUIRED)
find_package(CURL 7.85 REQUIRED)
find_package(OpenSSL 3.0 REQUIRED COMPONENTS Crypto SSL)
find_path(xxHash_INCLUDE_DIR xxhash.h REQUIRED)  # used by its header alone
find_package(Boost 1.81 REQUIRED)  # headers: Asio, Beast
find_package(prometheus-cpp REQUIRED COMPONENTS core)
find_package(Protobuf MODULE REQUIRED)  # before gRPC, whose package asks for the wrong form
find_package(gRPC 1.51 CONFIG REQUIRED)
