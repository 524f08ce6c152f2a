# The runtime: every file under runtime/, merged with the third-party archives it uses into ONE
# object whose only global symbols are the intended ones (cmake/merge_runtime.sh), then archived as
# libhindsight.a and linked as libhindsight.so.
file(GLOB_RECURSE runtime_sources CONFIGURE_DEPENDS
     ${CMAKE_CURRENT_SOURCE_DIR}/runtime/*.cpp ${CMAKE_CURRENT_SOURCE_DIR}/runtime/*.S)

# No libstdc++ symbol, no exception, no guard variable, no stack protector: a C program links this,
# and the interceptors run before libc has set itself up.
set(runtime_options
  ${HINDSIGHT_WARNINGS} -O2 -fPIC -fvisibility=hidden -fno-stack-protector -fno-omit-frame-pointer
  -ftls-model=initial-exec -fno-sanitize=all
  -ffile-prefix-map=${CMAKE_CURRENT_SOURCE_DIR}/=
  $<$<COMPILE_LANGUAGE:CXX>:-fno-exceptions>
  $<$<COMPILE_LANGUAGE:CXX>:-fno-rtti>
  $<$<COMPILE_LANGUAGE:CXX>:-fno-threadsafe-statics>)

if(CMAKE_SYSTEM_PROCESSOR STREQUAL "aarch64")
  # Atomic operations inline: libgcc's helpers are calls, which the road of an access has no room for.
  list(APPEND runtime_options -mno-outline-atomics)
endif()

# Layers that an access or a synchronisation may run through: no vector register may be touched, as
# their callers do not save any (preserve_all). `_simd.cpp` files save what they use.
set(general_regs_layers base platform core history threads)

# What most programs run lies together in memory; the rest (reports, rare interceptors, what other
# compilers call) lies apart from it and is built for size: the kernel maps code in pieces of 64 KiB and more, and what it
# maps counts as resident.
set(common_code "/runtime/(base|platform|core|heap|history|sync|threads)/"
    "/runtime/entry/[^l]" "/runtime/entry/long" "/runtime/report/(options|output|modules)"
    "/runtime/intercept/(call|cond|exit|intercepted|malloc|mem|mutex|once|operator|real|rwl|string|thread_life|unwind)")
string(JOIN "|" common_code ${common_code})

# Sets what differs from file to file: general registers only, and where the calls of memcpy & co.
# that the compiler invents go to.
function(hindsight_runtime_file_options source)
  set(options "")
  file(RELATIVE_PATH relative ${CMAKE_SOURCE_DIR}/runtime ${source})
  string(REGEX REPLACE "/.*" "" layer ${relative})
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64|aarch64" AND relative MATCHES "\\.cpp$"
     AND NOT relative MATCHES "_simd\\.cpp$"
     AND (layer IN_LIST general_regs_layers OR relative MATCHES "^(entry/(access[^/]*|reset)|report/race_found)\\.cpp$"))
    list(APPEND options -mgeneral-regs-only)
  endif()
  if(relative MATCHES "^(entry/access[^/]*|history/history)\\.cpp$")
    list(APPEND options -fomit-frame-pointer)  # one register more, three instructions fewer
  endif()
  if(NOT source MATCHES "${common_code}" AND NOT layer STREQUAL "entry")
    list(APPEND options -Os)
  endif()
  if(layer STREQUAL "intercept")
    # The headers declare arguments nonnull that the functions refuse politely when they are null.
    list(APPEND options -fno-delete-null-pointer-checks)
  endif()
  if(relative STREQUAL "base/internal_mem.cpp")
    list(APPEND options -fno-builtin)
  elseif(relative MATCHES "\\.cpp$")
    # A file that defines an interceptor of one of the redirected names cannot also rename it.
    file(STRINGS ${source} definitions
         REGEX "HINDSIGHT_INTERCEPTOR.*[ *](memcpy|memmove|memset|memcmp|bcmp)\\(")
    if(NOT definitions)
      list(APPEND options -include ${CMAKE_SOURCE_DIR}/runtime/base/internal_mem.h)
    else()
      list(APPEND options -fno-builtin)
    endif()
  endif()
  set_source_files_properties(${source} PROPERTIES COMPILE_OPTIONS "${options}")
endfunction()

foreach(source IN LISTS runtime_sources)
  hindsight_runtime_file_options(${source})
endforeach()

# Interceptors and entry points apart: unit tests link the rest without being intercepted. The start
# of the runtime differs: an executable's preinit function, or a library's constructor.
set(intercepting_sources ${runtime_sources})
list(FILTER intercepting_sources INCLUDE REGEX "/runtime/(intercept|entry|compat|openmp)/")
set(internal_sources ${runtime_sources})
list(FILTER internal_sources EXCLUDE REGEX "/runtime/(intercept|entry|compat|openmp)/")
set(start_sources ${CMAKE_CURRENT_SOURCE_DIR}/runtime/entry/init.cpp)
list(REMOVE_ITEM intercepting_sources ${start_sources})
set(start_shared_sources ${start_sources})

function(hindsight_common_code_first variable)
  set(common ${${variable}})
  set(rare ${${variable}})
  list(FILTER common INCLUDE REGEX "${common_code}")
  list(FILTER rare EXCLUDE REGEX "${common_code}")
  if(ARGN)  # or last
    set(${variable} ${rare} ${common} PARENT_SCOPE)
  else()
    set(${variable} ${common} ${rare} PARENT_SCOPE)
  endif()
endfunction()
hindsight_common_code_first(internal_sources LAST)
hindsight_common_code_first(intercepting_sources)

foreach(part internal intercepting start start_shared)
  add_library(hindsight_${part} OBJECT ${${part}_sources})
  target_include_directories(hindsight_${part} PRIVATE
    ${CMAKE_CURRENT_SOURCE_DIR}/runtime ${CMAKE_CURRENT_SOURCE_DIR}/include)
  target_compile_options(hindsight_${part} PRIVATE ${runtime_options})
endforeach()
target_compile_definitions(hindsight_start_shared PRIVATE HINDSIGHT_SHARED_RUNTIME)

# Third-party archives: GCC's libbacktrace (DWARF), LLVM's libunwind, libiberty's demangler and LLVM's.
find_program(HINDSIGHT_GCC NAMES gcc gcc-12 gcc-13 gcc-14)
if(NOT HINDSIGHT_LIBBACKTRACE AND HINDSIGHT_GCC)
  execute_process(COMMAND ${HINDSIGHT_GCC} -print-file-name=libbacktrace.a
                  OUTPUT_VARIABLE found OUTPUT_STRIP_TRAILING_WHITESPACE)
  if(IS_ABSOLUTE "${found}")
    set(HINDSIGHT_LIBBACKTRACE ${found} CACHE FILEPATH "libbacktrace.a")
  endif()
endif()
find_library(HINDSIGHT_LIBBACKTRACE libbacktrace.a)
find_library(HINDSIGHT_LIBUNWIND libunwind.a
             HINTS /usr/lib/llvm-${HINDSIGHT_DEFAULT_LLVM}/lib /usr/lib/llvm-19/lib)
find_library(HINDSIGHT_LIBIBERTY NAMES libiberty_pic.a libiberty.a)
find_library(HINDSIGHT_LLVM_DEMANGLE libLLVMDemangle.a
             HINTS /usr/lib/llvm-${HINDSIGHT_DEFAULT_LLVM}/lib /usr/lib/llvm-19/lib)
foreach(library LIBBACKTRACE LIBUNWIND LIBIBERTY LLVM_DEMANGLE)
  if(NOT HINDSIGHT_${library})
    message(FATAL_ERROR "HINDSIGHT_${library} not found: install libgcc-12-dev (libbacktrace.a), "
                        "libunwind-19-dev, libiberty-dev and llvm-19-dev (libLLVMDemangle.a), or set it "
                        "to the static archive")
  endif()
endforeach()
set(third_party ${HINDSIGHT_LIBBACKTRACE} ${HINDSIGHT_LIBUNWIND} ${HINDSIGHT_LIBIBERTY}
    ${HINDSIGHT_LLVM_DEMANGLE})

# GNU binutils, whatever the compiler prefers: ld -r needs --force-group-allocation.
foreach(tool ld ar nm objcopy readelf bash)
  string(TOUPPER HINDSIGHT_${tool} variable)
  find_program(${variable} ${tool} REQUIRED)
  mark_as_advanced(${variable})
endforeach()
set(merge_script ${CMAKE_CURRENT_SOURCE_DIR}/cmake/merge_runtime.sh)
set(redefinitions ${CMAKE_CURRENT_SOURCE_DIR}/runtime/report/redefine_symbols.txt)

# Adds the command that makes runtime_<kind>.o and runtime_<kind>.syms from all parts, with `start`.
function(hindsight_merge kind start)
  set(output ${CMAKE_BINARY_DIR}/runtime_${kind})
  set(objects $<TARGET_OBJECTS:hindsight_internal> $<TARGET_OBJECTS:hindsight_intercepting>
              $<TARGET_OBJECTS:${start}>)
  # The list can be longer than a command line should be.
  file(GENERATE OUTPUT ${output}.rsp CONTENT "$<JOIN:${objects},\n>\n")
  add_custom_command(
    OUTPUT ${output}.o ${output}.syms ${output}_third_party.a
    COMMAND ${CMAKE_COMMAND} -E env LD=${HINDSIGHT_LD} OBJCOPY=${HINDSIGHT_OBJCOPY}
            READELF=${HINDSIGHT_READELF} AR=${HINDSIGHT_AR} NM=${HINDSIGHT_NM}
            ${HINDSIGHT_BASH} ${merge_script} ${output} ${redefinitions} ${third_party}
    DEPENDS ${objects} ${merge_script} ${redefinitions} ${output}.rsp
    COMMENT "Merging the ${kind} runtime" VERBATIM)
endfunction()
hindsight_merge(static hindsight_start)
hindsight_merge(shared hindsight_start_shared)

set(HINDSIGHT_STATIC_RUNTIME ${HINDSIGHT_LIB_DIR}/libhindsight.a)
set(HINDSIGHT_SHARED_RUNTIME ${HINDSIGHT_LIB_DIR}/libhindsight.so)
# The dynamic list: what an executable exports for the instrumented libraries it opens at run time.
set(HINDSIGHT_RUNTIME_SYMBOLS ${HINDSIGHT_LIB_DIR}/libhindsight.syms)
add_custom_command(
  OUTPUT ${HINDSIGHT_STATIC_RUNTIME} ${HINDSIGHT_RUNTIME_SYMBOLS}
  COMMAND ${CMAKE_COMMAND} -E rm -f ${HINDSIGHT_STATIC_RUNTIME}
  COMMAND ${HINDSIGHT_AR} rcs ${HINDSIGHT_STATIC_RUNTIME} ${CMAKE_BINARY_DIR}/runtime_static.o
  COMMAND ${CMAKE_COMMAND} -E copy ${CMAKE_BINARY_DIR}/runtime_static.syms
          ${HINDSIGHT_RUNTIME_SYMBOLS}
  DEPENDS ${CMAKE_BINARY_DIR}/runtime_static.o ${CMAKE_BINARY_DIR}/runtime_static.syms
  COMMENT "Archiving libhindsight.a" VERBATIM)
set(link_target "")
if(CMAKE_C_COMPILER_TARGET)
  set(link_target --target=${CMAKE_C_COMPILER_TARGET})
endif()
# By the C driver with every symbol resolved: the runtime needs libc and nothing else.
add_custom_command(
  OUTPUT ${HINDSIGHT_SHARED_RUNTIME}
  COMMAND ${CMAKE_C_COMPILER} ${link_target} -shared -o ${HINDSIGHT_SHARED_RUNTIME} -Wl,-soname,libhindsight.so
          ${CMAKE_BINARY_DIR}/runtime_shared.o -Wl,-z,defs -Wl,-z,relro -ldl -lpthread
  DEPENDS ${CMAKE_BINARY_DIR}/runtime_shared.o
  COMMENT "Linking libhindsight.so" VERBATIM)
add_custom_target(hindsight_runtime
  DEPENDS ${HINDSIGHT_STATIC_RUNTIME} ${HINDSIGHT_RUNTIME_SYMBOLS} ${HINDSIGHT_SHARED_RUNTIME})
