# Installs the same layout as the build tree, and lib/cmake/Hindsight for find_package().
include(CMakePackageConfigHelpers)

install(TARGETS hindsight_wrapper hindsight_cli RUNTIME DESTINATION bin)
install(FILES ${HINDSIGHT_BIN_DIR}/hindsight-clang DESTINATION bin)  # the link
foreach(major IN LISTS HINDSIGHT_PLUGIN_VERSIONS)
  install(TARGETS HindsightPass-${major} LIBRARY DESTINATION lib)
endforeach()
install(FILES ${HINDSIGHT_LIB_DIR}/HindsightPass.so DESTINATION lib)  # the link
install(FILES ${HINDSIGHT_STATIC_RUNTIME} ${HINDSIGHT_RUNTIME_SYMBOLS} DESTINATION lib)
install(PROGRAMS ${HINDSIGHT_SHARED_RUNTIME} DESTINATION lib)
install(DIRECTORY include/hindsight DESTINATION include FILES_MATCHING PATTERN "*.h")
install(FILES LICENSE README.md DESTINATION share/doc/hindsight)

configure_package_config_file(cmake/HindsightConfig.cmake.in
  ${CMAKE_BINARY_DIR}/HindsightConfig.cmake INSTALL_DESTINATION lib/cmake/Hindsight)
write_basic_package_version_file(${CMAKE_BINARY_DIR}/HindsightConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_BINARY_DIR}/HindsightConfig.cmake
              ${CMAKE_BINARY_DIR}/HindsightConfigVersion.cmake
        DESTINATION lib/cmake/Hindsight)
