# The page, compiled into the program: www/ -> (node www/build.mjs) -> build/www/ -> (cmake/embed.mjs) -> assets_data.c.
find_program(NODE node REQUIRED)
set(www_out ${CMAKE_BINARY_DIR}/www)
file(GLOB_RECURSE www_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/www/*)
list(REMOVE_ITEM www_sources ${CMAKE_SOURCE_DIR}/www/model/verb_rules.js) # made by the build, from the verbs
list(APPEND www_sources ${CMAKE_SOURCE_DIR}/cmake/verbs.mjs ${CMAKE_SOURCE_DIR}/src/proto/verbs.def)
if(HUBBUB_WWW_DIR)
  set(www_out ${HUBBUB_WWW_DIR})
  set(www_build)
elseif(EXISTS ${CMAKE_SOURCE_DIR}/www/build.mjs)
  set(www_build COMMAND ${NODE} ${CMAKE_SOURCE_DIR}/www/build.mjs --out ${www_out})
endif()
add_custom_command(
  OUTPUT ${CMAKE_BINARY_DIR}/assets_data.c
  ${www_build}
  COMMAND ${NODE} ${CMAKE_SOURCE_DIR}/cmake/embed.mjs ${www_out} ${CMAKE_BINARY_DIR}/assets_data.c
  DEPENDS ${www_sources} ${CMAKE_SOURCE_DIR}/cmake/embed.mjs ${CMAKE_SOURCE_DIR}/package-lock.json
  WORKING_DIRECTORY ${CMAKE_SOURCE_DIR}
  COMMENT "Building the page" VERBATIM)
add_library(hubbub_assets STATIC ${CMAKE_BINARY_DIR}/assets_data.c)
target_include_directories(hubbub_assets PRIVATE src)
target_link_libraries(hubbub_assets PRIVATE hubbub_flags)

# migrations/*.sql and src/store/sql/*.sql, compiled in the same way.
file(GLOB migration_files CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/migrations/*.sql)
file(GLOB statement_files CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/store/sql/*.sql)
# Headers that the build makes are included as if they stood in src/.
set(made ${CMAKE_BINARY_DIR}/made)
add_custom_command(
  OUTPUT ${CMAKE_BINARY_DIR}/sql_data.c ${made}/store/statement_ids.h
  COMMAND ${NODE} ${CMAKE_SOURCE_DIR}/cmake/embed_sql.mjs ${CMAKE_SOURCE_DIR} ${CMAKE_BINARY_DIR}/sql_data.c
          ${made}/store/statement_ids.h
  DEPENDS ${migration_files} ${statement_files} ${CMAKE_SOURCE_DIR}/cmake/embed_sql.mjs
  VERBATIM)
target_sources(hubbub_store PRIVATE ${CMAKE_BINARY_DIR}/sql_data.c ${made}/store/statement_ids.h)
target_include_directories(hubbub_store PUBLIC ${made})

# The most common passwords, which nobody may choose: the list of zxcvbn-ts (MIT; made from what was leaked, the most
# common first), pinned by package-lock.json, because a list of our own would be neither measured nor kept up.
set(password_list ${CMAKE_SOURCE_DIR}/node_modules/@zxcvbn-ts/language-common/src/passwords.json)
add_custom_command(
  OUTPUT ${CMAKE_BINARY_DIR}/common_passwords.c
  COMMAND ${NODE} ${CMAKE_SOURCE_DIR}/cmake/embed_passwords.mjs ${password_list} ${CMAKE_BINARY_DIR}/common_passwords.c
  DEPENDS ${password_list} ${CMAKE_SOURCE_DIR}/cmake/embed_passwords.mjs
  VERBATIM)
target_sources(hubbub_account PRIVATE ${CMAKE_BINARY_DIR}/common_passwords.c)
