# millstream_service(NAME [USES library...] [LIBRARIES lib...] [NESTED folder...])
#
# Makes the library millstream_NAME from src/services/NAME and from what tools/generate_api.py writes
# for it: shapes, codecs and the operation table of the operations that have a file in ops/. Makes
# NAME_test too. NESTED folders are libraries of their own. Does nothing until there is an operation.
#
# MILLSTREAM_BOTOCORE is the Python package whose service models are read.
file(GLOB millstream_botocore_found ${CMAKE_SOURCE_DIR}/.venv/lib/python3*/site-packages/botocore)
set(MILLSTREAM_BOTOCORE "${millstream_botocore_found}" CACHE PATH "botocore's package folder")
if(NOT MILLSTREAM_BOTOCORE)
  set(MILLSTREAM_BOTOCORE "${millstream_botocore_found}" CACHE PATH "" FORCE)
endif()
find_package(Python3 REQUIRED COMPONENTS Interpreter)

# Runs the generator on the operations in SOURCE/ops. The stamp lets Ninja see which files stayed as
# they were, so that a new operation doesn't rebuild the others.
function(millstream_generate_api name source output)
  file(GLOB generator CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tools/api_generator/*.py)
  list(APPEND generator ${CMAKE_SOURCE_DIR}/tools/generate_api.py)
  set(model_arguments ${ARGN})  # --botocore FOLDER, or --model FILE
  set(model_file ${ARGN})
  list(FILTER model_file INCLUDE REGEX "\\.json$")
  file(GLOB operations CONFIGURE_DEPENDS ${source}/ops/*.cc)
  list(TRANSFORM operations REPLACE "^.*/" "")
  string(SHA1 operations_hash "${operations}")
  set(overrides)
  if(EXISTS ${source}/api_overrides.json)
    set(overrides ${source}/api_overrides.json)
  endif()
  set(stamp ${output}/${operations_hash}.stamp)
  add_custom_command(
    OUTPUT ${stamp}
    BYPRODUCTS ${output}/api.gen.h ${output}/api.gen.cc ${output}/operations.gen.h
               ${output}/operations.gen.cc
    COMMAND ${Python3_EXECUTABLE} ${CMAKE_SOURCE_DIR}/tools/generate_api.py service ${name}
            ${model_arguments} --source ${source} --output ${output}
    COMMAND ${CMAKE_COMMAND} -E touch ${stamp}
    DEPENDS ${generator} ${overrides} ${model_file}
    COMMENT "generating the API of ${name}" VERBATIM)
  add_custom_target(${name}_api DEPENDS ${stamp})
endfunction()

function(millstream_service name)
  cmake_parse_arguments(ARG "" "" "USES;LIBRARIES;NESTED" ${ARGN})
  set(source ${CMAKE_SOURCE_DIR}/src/services/${name})
  set(output ${CMAKE_BINARY_DIR}/generated/services/${name})
  file(GLOB operations CONFIGURE_DEPENDS ${source}/ops/*.cc)
  if(NOT operations)
    return()
  endif()
  if(NOT EXISTS ${MILLSTREAM_BOTOCORE}/data)
    message(FATAL_ERROR "The AWS service models (botocore) aren't there: run ./run --build")
  endif()
  millstream_generate_api(${name} ${source} ${output} --botocore ${MILLSTREAM_BOTOCORE})

  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${source}/*.cc)
  foreach(nested ${ARG_NESTED})
    list(FILTER sources EXCLUDE REGEX "^${source}/${nested}/")
  endforeach()
  set(tests ${sources})
  list(FILTER tests INCLUDE REGEX "_test\\.cc$")
  list(FILTER sources EXCLUDE REGEX "_(test|main|benchmark)\\.cc$")
  list(TRANSFORM ARG_USES PREPEND millstream_)

  add_library(millstream_${name} STATIC ${sources} ${output}/api.gen.cc ${output}/operations.gen.cc)
  millstream_precompile(millstream_${name})
  target_include_directories(millstream_${name} PUBLIC ${CMAKE_SOURCE_DIR}/src
                             ${CMAKE_BINARY_DIR}/generated)
  target_link_libraries(millstream_${name} PUBLIC millstream_aws ${ARG_USES} ${ARG_LIBRARIES})
  add_dependencies(millstream_${name} ${name}_api)
  target_link_libraries(millstream_services INTERFACE millstream_${name})
  if(tests)
    add_executable(${name}_test ${tests})
    target_link_libraries(${name}_test PRIVATE millstream_${name} GTest::gtest GTest::gmock
                          GTest::gtest_main)
    millstream_precompile_test(${name}_test)
    gtest_discover_tests(${name}_test DISCOVERY_MODE PRE_TEST)
    set_property(GLOBAL APPEND PROPERTY millstream_tests ${name}_test)
  endif()
endfunction()

# The committed docs/compatibility.md is what the models and the ops/ folders say now.
add_test(NAME CompatibilityPageIsCurrent
         COMMAND ${Python3_EXECUTABLE} ${CMAKE_SOURCE_DIR}/tools/generate_api.py compatibility
                 --botocore ${MILLSTREAM_BOTOCORE} --services ${CMAKE_SOURCE_DIR}/src/services
                 --output ${CMAKE_SOURCE_DIR}/docs/compatibility.md --check)
