# aarch64-linux-gnu.cmake - toolchain file for the runtime of AArch64, built on another machine with
# Clang and Debian's cross packages. tools/cross_aarch64.sh uses it, and installs those.
#
# HINDSIGHT_CROSS_ROOT is a folder with the static libraries of that architecture (usr/lib/...), as
# unpacked from its packages.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(triple aarch64-linux-gnu)

# tools/cross_aarch64.sh passes the same Clang that the host's build uses.
foreach(language C CXX ASM)
  set(CMAKE_${language}_COMPILER_TARGET ${triple})
endforeach()

foreach(tool ld ar nm objcopy readelf)
  string(TOUPPER HINDSIGHT_${tool} variable)
  set(${variable} /usr/bin/${triple}-${tool} CACHE FILEPATH "${tool} for ${triple}")
endforeach()
set(CMAKE_AR ${HINDSIGHT_AR} CACHE FILEPATH "ar for ${triple}")
set(CMAKE_RANLIB /usr/bin/${triple}-ranlib CACHE FILEPATH "ranlib for ${triple}")
set(HINDSIGHT_GCC /usr/bin/${triple}-gcc-12 CACHE FILEPATH "for its libbacktrace.a")

list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES HINDSIGHT_CROSS_ROOT)
set(CMAKE_FIND_ROOT_PATH ${HINDSIGHT_CROSS_ROOT} /usr/${triple})
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_LIBRARY_ARCHITECTURE ${triple})
