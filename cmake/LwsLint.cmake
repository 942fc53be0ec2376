# Adds the target `lws-lint`: finds misuse of libwebsockets in the sources of the project.
#
#   include(cmake/LwsLint.cmake)      # in CMakeLists.txt
#   cmake --build build --target lws-lint
#
# It scans CMAKE_SOURCE_DIR and fails when there are errors. Set before, or with -D:
#
#   LWS_LINT_PATHS       files and folders, relative to CMAKE_SOURCE_DIR (default: all of it)
#   LWS_LINT_ARGS        further options, a list: -DLWS_LINT_ARGS="--baseline;lws-lint-baseline.json"
#   LWS_LINT_EXECUTABLE  the program; otherwise the one of node_modules, of PATH, or what npx fetches
#   LWS_LINT_PACKAGE     what npx fetches

cmake_minimum_required(VERSION 3.10)

if(TARGET lws-lint)
  return()
endif()

set(LWS_LINT_PATHS "." CACHE STRING "Files and folders that lws-lint scans")
set(LWS_LINT_ARGS "" CACHE STRING "Further options of lws-lint")
set(LWS_LINT_PACKAGE "eslint-plugin-lws@0.1.0" CACHE STRING "What npx fetches where lws-lint is not installed")
find_program(LWS_LINT_EXECUTABLE lws-lint HINTS "${CMAKE_SOURCE_DIR}/node_modules/.bin")

if(LWS_LINT_EXECUTABLE)
  set(lws_lint_command "${LWS_LINT_EXECUTABLE}")
else()
  find_program(LWS_LINT_NPX npx)
  mark_as_advanced(LWS_LINT_NPX)
  if(LWS_LINT_NPX)
    set(lws_lint_command "${LWS_LINT_NPX}" --yes --package "${LWS_LINT_PACKAGE}" lws-lint)
  endif()
endif()

if(lws_lint_command)
  add_custom_target(lws-lint
    COMMAND ${lws_lint_command} ${LWS_LINT_ARGS} -- ${LWS_LINT_PATHS}
    WORKING_DIRECTORY "${CMAKE_SOURCE_DIR}"
    COMMENT "Looking for misuse of libwebsockets"
    USES_TERMINAL
    VERBATIM)
else()
  # The project itself must not need Node.
  message(STATUS "lws-lint: neither lws-lint nor npx was found; the target lws-lint will fail")
  add_custom_target(lws-lint
    COMMAND "${CMAKE_COMMAND}" -E echo "lws-lint: install Node.js, then configure again (or set LWS_LINT_EXECUTABLE)"
    COMMAND "${CMAKE_COMMAND}" -E false
    VERBATIM)
endif()
unset(lws_lint_command)
