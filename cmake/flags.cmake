# Warnings, hardening and sanitizers, carried by the interface target hubbub_flags.
include(CheckCCompilerFlag)
include(CheckIPOSupported)

add_library(hubbub_flags INTERFACE)
target_compile_definitions(hubbub_flags INTERFACE _GNU_SOURCE HUBBUB_VERSION="${PROJECT_VERSION}")
target_compile_options(hubbub_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wformat=2 -Werror
  -fno-common -fstack-protector-strong)

function(hubbub_flag_if_known flag)
  string(MAKE_C_IDENTIFIER "have${flag}" var)
  check_c_compiler_flag(${flag} ${var})
  if(${var})
    target_compile_options(hubbub_flags INTERFACE ${flag})
  endif()
endfunction()

if(HUBBUB_SANITIZE)
  target_compile_options(hubbub_flags INTERFACE -fsanitize=${HUBBUB_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(hubbub_flags INTERFACE -fsanitize=${HUBBUB_SANITIZE})
elseif(CMAKE_BUILD_TYPE STREQUAL "Release")
  hubbub_flag_if_known(-fstack-clash-protection)
  hubbub_flag_if_known(-fcf-protection=full) # the CFI that both gcc and clang offer for C: branch targets and shadow stack
  hubbub_flag_if_known(-ftrivial-auto-var-init=zero)
  target_compile_options(hubbub_flags INTERFACE -O2 -g1 -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3)
  target_link_options(hubbub_flags INTERFACE -pie -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack -Wl,--as-needed)
  check_ipo_supported(RESULT ipo OUTPUT ignored LANGUAGES C)
  if(ipo)
    # One job per core at link time, where the compiler knows how. The objects hold machine code too, so that a hundred
    # unit tests link without optimizing the whole program a hundred times.
    if(CMAKE_C_COMPILER_ID STREQUAL "GNU")
      set(CMAKE_C_COMPILE_OPTIONS_IPO -flto=auto -ffat-lto-objects)
    endif()
    set(CMAKE_INTERPROCEDURAL_OPTIMIZATION ON)
  endif()
endif()
