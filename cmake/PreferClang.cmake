# Chooses Clang before project() does, unless the user chose a compiler.
#
# The runtime needs Clang (preserve_most, initial-exec TLS in assembly-free code, __has_feature);
# 19 is what its hot path is tuned with, then newer ones, then older ones down to 14.
if(NOT DEFINED CMAKE_CXX_COMPILER AND NOT DEFINED ENV{CXX})
  foreach(major 19 20 21 22 18 17 16 15 14)
    find_program(HINDSIGHT_CLANGXX_${major} clang++-${major})
    find_program(HINDSIGHT_CLANG_${major} clang-${major})
    mark_as_advanced(HINDSIGHT_CLANGXX_${major} HINDSIGHT_CLANG_${major})
    if(HINDSIGHT_CLANGXX_${major} AND HINDSIGHT_CLANG_${major})
      set(CMAKE_CXX_COMPILER ${HINDSIGHT_CLANGXX_${major}})
      set(CMAKE_C_COMPILER ${HINDSIGHT_CLANG_${major}})
      return()
    endif()
  endforeach()
  set(CMAKE_CXX_COMPILER clang++)
  set(CMAKE_C_COMPILER clang)
endif()
