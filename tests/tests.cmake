# Tests, their helper programs, benchmarks and the fuzz target.
enable_testing()
find_path(DOCTEST doctest/doctest.h REQUIRED)
find_package(nlohmann_json REQUIRED)

file(GLOB unit_tests CONFIGURE_DEPENDS tests/*_test.cpp tests/collectors/base/*_test.cpp tests/http/*_test.cpp
  tests/http/*/*_test.cpp tests/daemon/*_test.cpp tests/config/*_test.cpp)
file(GLOB test_support CONFIGURE_DEPENDS tests/support/*.cpp)
# Programs of their own, for tests to run.
set(helper_programs probe_child_main frozen_fuse)
foreach(program IN LISTS helper_programs)
  list(REMOVE_ITEM test_support ${CMAKE_SOURCE_DIR}/tests/support/${program}.cpp)
endforeach()
add_library(test_support STATIC ${test_support})
target_include_directories(test_support SYSTEM PUBLIC ${DOCTEST})
target_link_libraries(test_support PUBLIC vitald_core nlohmann_json::nlohmann_json)
target_compile_definitions(test_support PUBLIC HOSTS="${CMAKE_SOURCE_DIR}/tests/hosts" SOURCE_TREE="${CMAKE_SOURCE_DIR}")

add_executable(probe_child tests/support/probe_child_main.cpp)
target_link_libraries(probe_child PRIVATE vitald_core)
target_compile_definitions(test_support PUBLIC PROBE_CHILD="$<TARGET_FILE:probe_child>")
pkg_check_modules(FUSE3 IMPORTED_TARGET fuse3)
if(FUSE3_FOUND)
  add_executable(frozen_fuse tests/support/frozen_fuse.cpp)
  target_link_libraries(frozen_fuse PRIVATE vitald_flags PkgConfig::FUSE3)
  add_test(NAME frozen_mount
    COMMAND ${CMAKE_SOURCE_DIR}/tests/end_to_end/frozen_mount.py $<TARGET_FILE:vitald> $<TARGET_FILE:frozen_fuse>)
  set_tests_properties(frozen_mount PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 120)
endif()

add_executable(unit tests/main.cpp ${unit_tests} ${collector_tests})
target_link_libraries(unit PRIVATE test_support)
add_dependencies(unit probe_child)
add_test(NAME unit COMMAND unit)
set_tests_properties(unit PROPERTIES TIMEOUT 120)
