# Headers that nearly every file includes, parsed once for each preset: a typical operation compiles in
# half the time. Files go on including what they use; nothing may rely on these lists.
set(MILLSTREAM_PRECOMPILED
    <algorithm> <array> <atomic> <charconv> <coroutine> <cstddef> <cstdint> <cstring> <deque> <functional>
    <map> <memory> <mutex> <optional> <set> <span> <string> <string_view> <unordered_map> <utility>
    <variant> <vector> <fmt/format.h>)
set(MILLSTREAM_TEST_PRECOMPILED ${MILLSTREAM_PRECOMPILED} <gmock/gmock.h> <gtest/gtest.h>)

# millstream_precompile(TARGET): parses the headers with the first target, and lets the others use that.
# All of them are compiled with the same flags.
function(millstream_precompile target)
  if(TARGET millstream_base AND NOT target STREQUAL millstream_base)
    target_precompile_headers(${target} REUSE_FROM millstream_base)
  else()
    target_precompile_headers(${target} PRIVATE ${MILLSTREAM_PRECOMPILED})
  endif()
endfunction()

# The same for test programs.
function(millstream_precompile_test target)
  if(NOT TARGET millstream_test_precompiled)
    file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/test_precompiled.cc CONTENT "")
    add_library(millstream_test_precompiled OBJECT ${CMAKE_BINARY_DIR}/test_precompiled.cc)
    target_link_libraries(millstream_test_precompiled PRIVATE fmt::fmt GTest::gtest GTest::gmock)
    target_precompile_headers(millstream_test_precompiled PRIVATE ${MILLSTREAM_TEST_PRECOMPILED})
  endif()
  target_precompile_headers(${target} REUSE_FROM millstream_test_precompiled)
endfunction()
