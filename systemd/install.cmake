# What  cmake --install build/release --prefix /usr  puts where. The package is made by the same.
include(GNUInstallDirs)
install(TARGETS vitald RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(FILES ${CMAKE_SOURCE_DIR}/systemd/vitald.socket DESTINATION lib/systemd/system)
install(FILES ${CMAKE_SOURCE_DIR}/systemd/vitald.sysusers DESTINATION lib/sysusers.d RENAME vitald.conf)
install(FILES ${CMAKE_SOURCE_DIR}/systemd/all-processes.conf DESTINATION ${CMAKE_INSTALL_DATADIR}/vitald/systemd)

# These name the program by its path, and the prefix may be chosen as late as when it is installed.
foreach(unit IN ITEMS "vitald.service lib/systemd/system" "own-listener.conf ${CMAKE_INSTALL_DATADIR}/vitald/systemd")
  separate_arguments(unit)
  list(GET unit 0 name)
  list(GET unit 1 folder)
  install(CODE "
    file(READ \"${CMAKE_SOURCE_DIR}/systemd/${name}\" text)
    string(REPLACE \"/usr/bin/vitald\" \"\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_BINDIR}/vitald\" text \"\${text}\")
    file(WRITE \"${CMAKE_BINARY_DIR}/${name}\" \"\${text}\")
    file(INSTALL \"${CMAKE_BINARY_DIR}/${name}\" DESTINATION \"\${CMAKE_INSTALL_PREFIX}/${folder}\")
  ")
endforeach()
