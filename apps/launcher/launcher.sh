#!/bin/sh
# Starts the program of the image; the build puts in its module.
#   plugins/             a folder beside bin/: the program loads the modules in it (layers, backends)
#   LAMELLA_MODULE_PATH  folders or jars with more such modules, for the JVM's own module path; as those of
#                        plugins/ they may load native libraries
#   LAMELLA_JAVA_OPTS    more options for the JVM, split at blanks
self=$(readlink -f "$0")
image=$(dirname "$(dirname "$self")")
app=$(basename "$self")
set -- -m "@module@/@module@.Main" "$@"
if [ -n "$LAMELLA_MODULE_PATH" ]; then
  set -- --module-path "$LAMELLA_MODULE_PATH" --illegal-native-access=allow "$@"
fi
# The cache of loaded classes that the build made: a quicker start.
if [ -f "$image/lib/$app.aot" ]; then
  set -- "-XX:AOTCache=$image/lib/$app.aot" "$@"
fi
# shellcheck disable=SC2086
exec "$image/bin/java" $LAMELLA_JAVA_OPTS "$@"
