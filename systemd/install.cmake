# What  cmake --install build/release --prefix /usr  puts where. The package is made by the same.
include(GNUInstallDirs)
install(TARGETS vitald RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(FILES ${CMAKE_SOURCE_DIR}/systemd/vitald.socket DESTINATION lib/systemd/system)
install(FILES ${CMAKE_SOURCE_DIR}/systemd/vitald.sysusers DESTINATION lib/sysusers.d RENAME vitald.conf)
install(FILES ${CMAKE_SOURCE_DIR}/systemd/all-processes.conf DESTINATION ${CMAKE_INSTALL_DATADIR}/vitald/systemd)

install(FILES ${CMAKE_SOURCE_DIR}/docs/vitald.8 DESTINATION ${CMAKE_INSTALL_MANDIR}/man8)
install(FILES ${CMAKE_SOURCE_DIR}/config/completions/vitald.bash
  DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME vitald)
install(FILES ${CMAKE_SOURCE_DIR}/config/completions/_vitald
  DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions)
install(FILES ${CMAKE_SOURCE_DIR}/config/completions/vitald.fish
  DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)

# The prefix may be chosen as late as when it is installed. Settings are below /etc, unless all goes to a place of its own;
# the units name the program and the settings by their paths.
install(CODE "
  set(program \"\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_BINDIR}/vitald\")
  set(settings \"\${CMAKE_INSTALL_PREFIX}/etc/vitald\")
  if(CMAKE_INSTALL_PREFIX MATCHES \"^/usr(/local)?$\")
    set(settings /etc/vitald)
  endif()
  if(NOT EXISTS \"\$ENV{DESTDIR}\${settings}/vitald.yaml\")
    file(INSTALL \"${CMAKE_SOURCE_DIR}/config/vitald.yaml\" DESTINATION \"\${settings}\")
  endif()
")
foreach(unit IN ITEMS "vitald.service lib/systemd/system" "own-listener.conf ${CMAKE_INSTALL_DATADIR}/vitald/systemd")
  separate_arguments(unit)
  list(GET unit 0 name)
  list(GET unit 1 folder)
  install(CODE "
    file(READ \"${CMAKE_SOURCE_DIR}/systemd/${name}\" text)
    string(REPLACE /usr/bin/vitald \"\${program}\" text \"\${text}\")
    string(REPLACE /etc/vitald/ \"\${settings}/\" text \"\${text}\")
    file(WRITE \"${CMAKE_BINARY_DIR}/${name}\" \"\${text}\")
    file(INSTALL \"${CMAKE_BINARY_DIR}/${name}\" DESTINATION \"\${CMAKE_INSTALL_PREFIX}/${folder}\")
  ")
endforeach()
