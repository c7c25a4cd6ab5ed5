# Arrow::arrow and Arrow::parquet from the unpacked wheel of pyarrow, which has headers and libraries but no package for
# CMake. Arrow_ROOT is the folder with include/ and libarrow.so.*.

find_path(Arrow_INCLUDE_DIR arrow/api.h HINTS ${Arrow_ROOT}/include NO_DEFAULT_PATH)
file(GLOB Arrow_LIBRARY ${Arrow_ROOT}/libarrow.so.*)
file(GLOB Parquet_LIBRARY ${Arrow_ROOT}/libparquet.so.*)
if(Arrow_INCLUDE_DIR)
  file(STRINGS ${Arrow_INCLUDE_DIR}/arrow/util/config.h Arrow_VERSION_LINE REGEX "define ARROW_VERSION_STRING")
  string(REGEX REPLACE ".*\"([0-9.]+).*\".*" "\\1" Arrow_VERSION "${Arrow_VERSION_LINE}")
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Arrow
  REQUIRED_VARS Arrow_LIBRARY Parquet_LIBRARY Arrow_INCLUDE_DIR VERSION_VAR Arrow_VERSION)

if(Arrow_FOUND AND NOT TARGET Arrow::arrow)
  foreach(library IN ITEMS arrow parquet)
    add_library(Arrow::${library} SHARED IMPORTED)
    set_target_properties(Arrow::${library} PROPERTIES INTERFACE_SYSTEM_INCLUDE_DIRECTORIES ${Arrow_INCLUDE_DIR})
    target_include_directories(Arrow::${library} SYSTEM INTERFACE ${Arrow_INCLUDE_DIR})
  endforeach()
  set_target_properties(Arrow::arrow PROPERTIES IMPORTED_LOCATION ${Arrow_LIBRARY})
  set_target_properties(Arrow::parquet PROPERTIES IMPORTED_LOCATION ${Parquet_LIBRARY})
endif()
