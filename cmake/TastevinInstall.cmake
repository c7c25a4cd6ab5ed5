# `cmake --install`: docs/install.md says what lies where. All run paths are relative, so the tree may be moved.

include(GNUInstallDirs)
include(CMakePackageConfigHelpers)
set(TASTEVIN_PRIVATE_LIBDIR ${CMAKE_INSTALL_LIBDIR}/tastevin)  # what the product brings and nobody else should find
set(TASTEVIN_CMAKEDIR ${CMAKE_INSTALL_LIBDIR}/cmake/tastevin)

set_target_properties(tastevin PROPERTIES INSTALL_RPATH "$ORIGIN/../${TASTEVIN_PRIVATE_LIBDIR}")
set_target_properties(tastevin_library PROPERTIES INSTALL_RPATH "$ORIGIN/tastevin")
set_target_properties(tastevin_tables_module PROPERTIES INSTALL_RPATH "$ORIGIN")
install(TARGETS tastevin)
install(TARGETS tastevin_library EXPORT tastevin)
install(TARGETS tastevin_tables_module LIBRARY DESTINATION ${TASTEVIN_PRIVATE_LIBDIR})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/tastevin DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/models/sst2-tiny DESTINATION ${CMAKE_INSTALL_DATADIR}/tastevin/models)
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE ${PROJECT_SOURCE_DIR}/THIRD_PARTY.md DESTINATION ${CMAKE_INSTALL_DOCDIR})

target_include_directories(tastevin_library INTERFACE $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
target_compile_features(tastevin_library INTERFACE cxx_std_20)
install(EXPORT tastevin FILE tastevinConfig.cmake NAMESPACE tastevin:: DESTINATION ${TASTEVIN_CMAKEDIR})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/tastevinConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/tastevinConfigVersion.cmake DESTINATION ${TASTEVIN_CMAKEDIR})
set(TASTEVIN_PREFIX_OF_PC /)  # as seen from where tastevin.pc lies: Debian's lib/x86_64-linux-gnu is one folder deeper than lib
cmake_path(RELATIVE_PATH TASTEVIN_PREFIX_OF_PC BASE_DIRECTORY /${CMAKE_INSTALL_LIBDIR}/pkgconfig)
configure_file(${PROJECT_SOURCE_DIR}/cmake/tastevin.pc.in ${PROJECT_BINARY_DIR}/tastevin.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/tastevin.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

# OpenVINO with the plugins and readers that a classifier may use, its threads, the GPU's tuning; Arrow.
get_target_property(openvino openvino::runtime IMPORTED_LOCATION_RELEASE)
cmake_path(GET openvino PARENT_PATH openvino)
set(names libopenvino libopenvino_auto_batch_plugin libopenvino_auto_plugin libopenvino_hetero_plugin libopenvino_intel_cpu_plugin
  libopenvino_intel_gpu_plugin libopenvino_intel_npu_plugin libopenvino_ir_frontend libopenvino_onnx_frontend
  libtbb libtbbmalloc libtbbbind_2_5 libhwloc)
list(TRANSFORM names REPLACE "(.+)" "${openvino}/\\1.so*")
file(GLOB brought ${names} ${openvino}/cache.json)
install(FILES ${brought} ${Arrow_LIBRARY} ${Parquet_LIBRARY} DESTINATION ${TASTEVIN_PRIVATE_LIBDIR})
foreach(wheel IN ITEMS openvino arrow)  # their notices; an OpenVINO of another place has none here
  install(DIRECTORY ${TASTEVIN_DEPS}/${wheel}/licenses/ DESTINATION ${CMAKE_INSTALL_DOCDIR}/${wheel} OPTIONAL)
endforeach()

# The manual page and the completions, as the program prints them.
add_custom_command(
  OUTPUT ${PROJECT_BINARY_DIR}/tastevin.1 ${PROJECT_BINARY_DIR}/completion.bash ${PROJECT_BINARY_DIR}/completion.zsh
    ${PROJECT_BINARY_DIR}/completion.fish
  COMMAND tastevin manual > ${PROJECT_BINARY_DIR}/tastevin.1
  COMMAND tastevin completion bash > ${PROJECT_BINARY_DIR}/completion.bash
  COMMAND tastevin completion zsh > ${PROJECT_BINARY_DIR}/completion.zsh
  COMMAND tastevin completion fish > ${PROJECT_BINARY_DIR}/completion.fish
  DEPENDS tastevin)
add_custom_target(tastevin_words ALL DEPENDS ${PROJECT_BINARY_DIR}/tastevin.1)
install(FILES ${PROJECT_BINARY_DIR}/tastevin.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES ${PROJECT_BINARY_DIR}/completion.bash RENAME tastevin
  DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
install(FILES ${PROJECT_BINARY_DIR}/completion.zsh RENAME _tastevin DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions)
install(FILES ${PROJECT_BINARY_DIR}/completion.fish RENAME tastevin.fish
  DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
