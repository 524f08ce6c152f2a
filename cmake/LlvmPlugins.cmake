# One pass plugin per LLVM version found, all from pass/*.cpp.
#
# lib/HindsightPass-<major>.so is loaded by the Clang of that major version; lib/HindsightPass.so is
# a link to the default one. The plugin's LLVM symbols come from the Clang that loads it, so nothing
# of LLVM is linked here: the headers are enough.
set(HINDSIGHT_LLVM_VERSIONS "" CACHE STRING
    "LLVM major versions to build the plugin for (empty: all of 14 and newer that are found)")

if(HINDSIGHT_LLVM_VERSIONS)
  set(candidates ${HINDSIGHT_LLVM_VERSIONS})
else()
  set(candidates 19 22 21 20 18 17 16 15 14)  # the first one found is the default
endif()

file(GLOB pass_sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/pass/*.cpp)
set(HINDSIGHT_PLUGIN_VERSIONS "")
set(plugin_targets "")
foreach(major IN LISTS candidates)
  find_program(HINDSIGHT_LLVM_CONFIG_${major} llvm-config-${major}
               HINTS /usr/lib/llvm-${major}/bin)
  mark_as_advanced(HINDSIGHT_LLVM_CONFIG_${major})
  if(NOT HINDSIGHT_LLVM_CONFIG_${major})
    if(HINDSIGHT_LLVM_VERSIONS)
      message(FATAL_ERROR "No llvm-config-${major}: install llvm-${major}-dev")
    endif()
    continue()
  endif()
  execute_process(COMMAND ${HINDSIGHT_LLVM_CONFIG_${major}} --includedir
                  OUTPUT_VARIABLE include_dir OUTPUT_STRIP_TRAILING_WHITESPACE)
  if(NOT EXISTS ${include_dir}/llvm/Passes/PassPlugin.h)
    continue()  # only the tools of this version are installed, not its headers
  endif()

  set(target HindsightPass-${major})
  add_library(${target} MODULE ${pass_sources})
  target_include_directories(${target} PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/include)
  target_include_directories(${target} SYSTEM PRIVATE ${include_dir})
  target_compile_definitions(${target} PRIVATE _GNU_SOURCE __STDC_CONSTANT_MACROS
                             __STDC_FORMAT_MACROS __STDC_LIMIT_MACROS)
  target_compile_options(${target} PRIVATE ${HINDSIGHT_WARNINGS} -fno-rtti -fno-exceptions
                         -fvisibility-inlines-hidden)
  set_target_properties(${target} PROPERTIES
    PREFIX "" CXX_STANDARD 17 LIBRARY_OUTPUT_DIRECTORY ${HINDSIGHT_LIB_DIR})
  list(APPEND HINDSIGHT_PLUGIN_VERSIONS ${major})
  list(APPEND plugin_targets ${target})
endforeach()

if(NOT HINDSIGHT_PLUGIN_VERSIONS)
  message(FATAL_ERROR "No LLVM headers of version 14 or newer: install llvm-19-dev")
endif()
list(GET HINDSIGHT_PLUGIN_VERSIONS 0 HINDSIGHT_DEFAULT_LLVM)
message(STATUS "Plugins for LLVM ${HINDSIGHT_PLUGIN_VERSIONS}; default ${HINDSIGHT_DEFAULT_LLVM}")

add_custom_target(hindsight_plugins DEPENDS ${plugin_targets})
file(CREATE_LINK HindsightPass-${HINDSIGHT_DEFAULT_LLVM}.so
     ${HINDSIGHT_LIB_DIR}/HindsightPass.so SYMBOLIC)
