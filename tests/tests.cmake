# Tests, their helper programs, benchmarks and the fuzz target.
enable_testing()
find_path(DOCTEST doctest/doctest.h)
if(NOT DOCTEST)  # scripts/run needs no test packages
  message(STATUS "no tests: doctest-dev is not there (scripts/setup test)")
  return()
endif()

file(GLOB unit_tests CONFIGURE_DEPENDS tests/*_test.cpp tests/collectors/*/*_test.cpp tests/http/*_test.cpp
  tests/http/*/*_test.cpp tests/daemon/*_test.cpp tests/daemon/*/*_test.cpp tests/config/*_test.cpp tests/config/*/*_test.cpp)
if(VITALD_SANITIZE STREQUAL "thread")  # races are between threads: parsers and settings have none
  list(FILTER unit_tests INCLUDE REGEX "tests/(collectors/base|collectors/watch/engine|daemon|http)/")
endif()
file(GLOB test_support CONFIGURE_DEPENDS tests/support/*.cpp)

# A test that cannot run here (no root, no FUSE, no namespaces) exits 77 and is told as skipped.
function(vitald_test name)
  add_test(NAME ${name} COMMAND ${ARGN})
  set_tests_properties(${name} PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 120)
endfunction()

# Programs of their own, for tests to run.
set(helper_programs fake_systemd_main probe_child_main frozen_fuse nss_vitald write_docs)
foreach(program IN LISTS helper_programs)
  list(REMOVE_ITEM test_support ${CMAKE_SOURCE_DIR}/tests/support/${program}.cpp)
endforeach()
configure_file(tests/support/places.cpp.in places.cpp @ONLY)
group_together(support 10 ${test_support})
add_library(test_support STATIC ${test_support} ${CMAKE_BINARY_DIR}/places.cpp)
target_include_directories(test_support SYSTEM PUBLIC ${DOCTEST})
set_target_properties(test_support PROPERTIES UNITY_BUILD_MODE GROUP)
target_link_libraries(test_support PUBLIC vitald_core vitald_rare nlohmann_json::nlohmann_json)

foreach(helper IN ITEMS fake_systemd probe_child)
  add_executable(${helper} tests/support/${helper}_main.cpp)
  target_link_libraries(${helper} PRIVATE "$<LINK_GROUP:RESCAN,vitald_core,vitald_rare>")  # each needs the other
endforeach()
add_library(nss_vitald MODULE tests/support/nss_vitald.cpp)
set_target_properties(nss_vitald PROPERTIES LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/nss SUFFIX .so.2)
pkg_check_modules(FUSE3 IMPORTED_TARGET fuse3)
if(FUSE3_FOUND)
  add_executable(frozen_fuse tests/support/frozen_fuse.cpp)
  target_link_libraries(frozen_fuse PRIVATE vitald_flags PkgConfig::FUSE3)
  vitald_test(polled ${CMAKE_SOURCE_DIR}/tests/end_to_end/polled.py $<TARGET_FILE:vitald> $<TARGET_FILE:frozen_fuse>)
  vitald_test(frozen_mount ${CMAKE_SOURCE_DIR}/tests/end_to_end/frozen_mount.py
    $<TARGET_FILE:vitald> $<TARGET_FILE:frozen_fuse>)
  if(NOT VITALD_SANITIZE)  # a real systemd; the first time a small Debian is made for it
    vitald_test(service ${CMAKE_SOURCE_DIR}/tests/end_to_end/service.py
      $<TARGET_FILE:vitald> $<TARGET_FILE:frozen_fuse>)
    set_tests_properties(service PROPERTIES TIMEOUT 600)
  endif()
endif()

if(NOT VITALD_SANITIZE)
  vitald_test(check_unit ${CMAKE_SOURCE_DIR}/tests/end_to_end/check_unit.py $<TARGET_FILE:vitald>)
  set_tests_properties(check_unit PROPERTIES TIMEOUT 600)
endif()

# The daemon itself, asked over sockets. Sanitizers have threads, memory and a pace of their own.
set(end_to_end absences auth check command_line config_files diff handed_over hang_source interfaces late_netlink mounts openmetrics paths permissions process_exporter process_groups reload textfile
  tls udp watch_scenarios watches web_config)
list(APPEND end_to_end lifecycle log_lines pid_file user)  # as a process
if(VITALD_SANITIZE STREQUAL "thread")  # has a thread of its own, which wakes, and races want load
  set(end_to_end auth late_netlink lifecycle pid_file reload textfile tls user)
endif()
if(NOT VITALD_SANITIZE)
  list(APPEND end_to_end dashboard hostile hostile_tls idle image many package prometheus proxy start stream unit_files)
endif()
foreach(subject IN LISTS end_to_end)
  vitald_test(${subject} ${CMAKE_SOURCE_DIR}/tests/end_to_end/${subject}.py $<TARGET_FILE:vitald>)
endforeach()
if(NOT VITALD_SANITIZE STREQUAL "thread")
  vitald_test(processes ${CMAKE_SOURCE_DIR}/tests/end_to_end/processes.py $<TARGET_FILE:vitald> ${CMAKE_BINARY_DIR}/nss)
endif()
set_tests_properties(lifecycle pid_file user PROPERTIES TIMEOUT 300)  # dozens of starts

if(NOT VITALD_SANITIZE)
  vitald_test(completions ${CMAKE_SOURCE_DIR}/tests/end_to_end/completions.py ${CMAKE_SOURCE_DIR} ${CMAKE_BINARY_DIR})
  set_tests_properties(image package PROPERTIES TIMEOUT 1800)  # with VITALD_SLOW=1 all is compiled anew
  vitald_test(systemd ${CMAKE_SOURCE_DIR}/tests/end_to_end/systemd.py $<TARGET_FILE:vitald> $<TARGET_FILE:fake_systemd>)
endif()

add_executable(unit tests/main.cpp ${unit_tests})
target_link_libraries(unit PRIVATE test_support "$<LINK_GROUP:RESCAN,vitald_core,vitald_rare>")  # each needs the other
precompile(unit <doctest/doctest.h>)
group_together(unit 10 ${unit_tests})
set_target_properties(unit PROPERTIES UNITY_BUILD_MODE GROUP)
set_source_files_properties(tests/main.cpp PROPERTIES SKIP_PRECOMPILE_HEADERS ON)  # it defines what doctest's header is
add_dependencies(unit fake_systemd probe_child)
vitald_test(unit unit)
set_tests_properties(unit PROPERTIES TIMEOUT 600)  # sanitizers take their time over all those broken files
vitald_test(bad_names ${CMAKE_SOURCE_DIR}/tests/compile_fail/bad_names.py ${CMAKE_SOURCE_DIR} ${CMAKE_CXX_COMPILER})
if(NOT VITALD_SANITIZE)  # beside Debian's node_exporter, where scripts/peers can get it
  vitald_test(peer ${CMAKE_SOURCE_DIR}/tests/end_to_end/peer_test.py $<TARGET_FILE:vitald>)
  vitald_test(peer_flags ${CMAKE_SOURCE_DIR}/tests/end_to_end/peer_flags.py $<TARGET_FILE:vitald>)
  vitald_test(diff_peer ${CMAKE_SOURCE_DIR}/tests/end_to_end/diff_peer.py $<TARGET_FILE:vitald>)
endif()

# The parts of the documents that are made from the code:  ninja docs
add_executable(write_docs EXCLUDE_FROM_ALL tests/support/write_docs.cpp)
target_link_libraries(write_docs PRIVATE test_support "$<LINK_GROUP:RESCAN,vitald_core,vitald_rare>")
add_custom_target(docs COMMAND write_docs VERBATIM)

# docs/add-a-collector.md is true: what it shows is compiled as it stands there, and its test is run.
if(NOT VITALD_SANITIZE)
  find_program(PYTHON python3)
  set(example ${CMAKE_BINARY_DIR}/example)
  add_custom_command(
    OUTPUT ${example}/pids.cpp ${example}/pids_test.cpp ${example}/catalog.cpp
    COMMAND ${PYTHON} ${CMAKE_SOURCE_DIR}/tests/docs/worked_example.py
      ${CMAKE_SOURCE_DIR}/docs/add-a-collector.md ${CMAKE_BINARY_DIR}/catalog.cpp ${example}
    DEPENDS tests/docs/worked_example.py docs/add-a-collector.md collectors/kernel/entropy.cpp
      ${CMAKE_BINARY_DIR}/catalog.cpp VERBATIM)
  add_executable(worked_example EXCLUDE_FROM_ALL
    tests/main.cpp ${example}/pids.cpp ${example}/pids_test.cpp ${example}/catalog.cpp)
  target_link_libraries(worked_example PRIVATE test_support)
  vitald_test(add_a_collector_builds ${CMAKE_COMMAND} --build ${CMAKE_BINARY_DIR} --target worked_example)
  vitald_test(add_a_collector worked_example)
  set_tests_properties(add_a_collector_builds PROPERTIES FIXTURES_SETUP worked_example)
  set_tests_properties(add_a_collector PROPERTIES FIXTURES_REQUIRED worked_example)
endif()

# What scripts/bench runs beside the daemon; and parse and encode by themselves.
if(NOT VITALD_SANITIZE)
  foreach(name IN ITEMS floor crowd)
    add_executable(${name} tests/bench/${name}.cpp)
    target_link_libraries(${name} PRIVATE vitald_flags)
  endforeach()
  find_package(benchmark QUIET)
  if(benchmark_FOUND)
    add_executable(bench_parse tests/bench/scrape_bench.cpp)
    target_link_libraries(bench_parse PRIVATE vitald_core benchmark::benchmark_main)
  endif()
endif()

if(VITALD_FUZZ)  # built from the parsers' files alone: the server's take minutes and hold no parser of kernel text
  get_target_property(fuzzed vitald_core SOURCES)
  list(FILTER fuzzed INCLUDE REGEX "(^|/)(collectors/|http/encode/|http/access|http/auth/basic|http/body|http/head|http/negotiate|http/request|catalog\\.cpp)")
  add_executable(fuzz EXCLUDE_FROM_ALL tests/fuzz/parse_fuzz.cpp ${fuzzed} daemon/diff/promql.cpp daemon/diff/url.cpp
    config/file/group_file.cpp config/file/group_name.cpp config/file/keys.cpp config/file/leaves.cpp
    config/file/list_item.cpp config/file/text_file.cpp config/given.cpp config/nearest.cpp config/web/section.cpp config/web/tls_section.cpp
    config/web/web_config.cpp config/web/web_words.cpp)
  set_target_properties(fuzz PROPERTIES UNITY_BUILD_MODE GROUP)
  target_include_directories(fuzz PRIVATE ${CMAKE_SOURCE_DIR})
  target_compile_options(fuzz PRIVATE -fsanitize=fuzzer)
  target_link_options(fuzz PRIVATE -fsanitize=fuzzer)
  target_link_libraries(fuzz PRIVATE vitald_flags Boost::headers Threads::Threads ${RE2} ${YAML_CPP} ${NETTLE}
    PkgConfig::ISAL)
endif()
