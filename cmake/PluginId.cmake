# Puts a hash of all plugins into the wrapper, so that the wrapper's own file changes whenever what
# it makes the compiler do changes: compiler caches identify a compiler by its file.
set(HINDSIGHT_PLUGIN_ID_SOURCE ${CMAKE_BINARY_DIR}/plugin_id.cpp)

if(CMAKE_SCRIPT_MODE_FILE)  # the build runs this file again with -DOUTPUT= -DPLUGINS=
  set(id "")
  foreach(plugin IN LISTS PLUGINS)
    file(SHA256 ${plugin} hash)
    string(APPEND id ${hash})
  endforeach()
  string(SHA256 id "${id}")
  file(WRITE ${OUTPUT} "extern const char hindsight_plugin_id[];\n"
                       "const char hindsight_plugin_id[] = \"${id}\";\n")
  return()
endif()

set(plugin_files "")
foreach(major IN LISTS HINDSIGHT_PLUGIN_VERSIONS)
  list(APPEND plugin_files $<TARGET_FILE:HindsightPass-${major}>)
endforeach()
add_custom_command(
  OUTPUT ${HINDSIGHT_PLUGIN_ID_SOURCE}
  COMMAND ${CMAKE_COMMAND} -DOUTPUT=${HINDSIGHT_PLUGIN_ID_SOURCE} "-DPLUGINS=${plugin_files}"
          -P ${CMAKE_CURRENT_LIST_FILE}
  DEPENDS ${plugin_files} ${CMAKE_CURRENT_LIST_FILE}
  COMMENT "Hashing the plugins" VERBATIM)
