# millstream_layer(NAME [USES layer...] [LIBRARIES lib...] [DIRECTORY dir])
#
# Makes the library millstream_NAME from every .cc below src/NAME (or DIRECTORY), and the test
# program NAME_test from every _test.cc there. A source is added by putting it in the folder.
# Files ending in _main.cc are left to the caller.
function(millstream_layer name)
  cmake_parse_arguments(ARG "" "DIRECTORY" "USES;LIBRARIES;GENERATED" ${ARGN})
  if(NOT ARG_DIRECTORY)
    set(ARG_DIRECTORY ${CMAKE_SOURCE_DIR}/src/${name})
  endif()
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${ARG_DIRECTORY}/*.cc)
  set(tests ${sources})
  list(FILTER tests INCLUDE REGEX "_test\\.cc$")
  list(FILTER sources EXCLUDE REGEX "_(test|main|benchmark)\\.cc$")
  list(TRANSFORM ARG_USES PREPEND millstream_)

  if(sources OR ARG_GENERATED)
    add_library(millstream_${name} STATIC ${sources} ${ARG_GENERATED})
    set(visibility PUBLIC)
  else()
    add_library(millstream_${name} INTERFACE)
    set(visibility INTERFACE)
  endif()
  target_include_directories(millstream_${name} ${visibility} ${CMAKE_SOURCE_DIR}/src ${CMAKE_BINARY_DIR}/generated)
  target_link_libraries(millstream_${name} ${visibility} ${ARG_USES} ${ARG_LIBRARIES})

  if(tests)
    add_executable(${name}_test ${tests})
    target_link_libraries(${name}_test PRIVATE millstream_${name} GTest::gtest GTest::gmock GTest::gtest_main)
    gtest_discover_tests(${name}_test DISCOVERY_MODE PRE_TEST)
    set_property(GLOBAL APPEND PROPERTY millstream_tests ${name}_test)
  endif()
endfunction()
